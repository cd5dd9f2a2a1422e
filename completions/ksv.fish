# fish completion for ksv; written by ksv_gendocs from the table of commands.

# Files for a word that begins with "@".
function __ksv_at_files
    __fish_complete_path (string sub -s 2 -- $argv[1]) | string replace -r '^' @
end

function __ksv_stores
    set -l token (commandline -ct)
    switch $token
        case 'file:*'
            __fish_complete_directories (string sub -s 6 -- $token) '' | string replace -r '^' file:
            return
        case '@*'
            __ksv_at_files $token
            return
    end
    set -l config $HOME/.config
    set -q XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME
    if test -r $config/ksv/config.toml
        string replace -rf '^\s*\[\s*stores\.(?:"([^"]+)"|([A-Za-z0-9_-]+))\s*\].*' '$1$2\tprofile' <$config/ksv/config.toml
    end
    printf '%s\n' 'memory:'\t'within one process' 'file:'\t'a folder'
    if string match -qr '^[/.~]' -- $token
        __fish_complete_directories $token 'a folder'
    else
        echo ./\t'a folder'
    end
end

# The command and how many operands stand between it and the cursor.
function __ksv_parse
    set -l words (commandline -opc)
    set -e words[1]
    set -l command ''
    set -l count 0
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                set count (math $count + (count $words))
                break
            case $__ksv_options_with_argument
                set -e words[1]
            case '-?*'
            case '*'
                if test -z "$command"
                    set command $words[1]
                else
                    set count (math $count + 1)
                end
        end
        set -e words[1]
    end
    echo $command
    echo $count
end

# Whether the command is one of the arguments; with none, whether there is no command yet.
function __ksv_is
    set -l parsed (__ksv_parse)
    if set -q argv[1]
        contains -- "$parsed[1]" $argv
    else
        test -z "$parsed[1]"
    end
end

# Whether what follows is the command that --exec runs.
function __ksv_exec
    set -l words (commandline -opc)
    contains -- --exec $words; and contains -- -- $words
end

function __ksv_exec_words
    set -l words (commandline -opc) (commandline -ct)
    set -l dashes (contains -i -- -- $words)
    complete -C (string join ' ' -- $words[(math $dashes + 1)..-1])
end

set -g __ksv_options_with_argument --store -s --format --timeout --connect-timeout --conflict-retries --color --hash-key --range-key --select --revision --projection --prefix --if-match --ttl --version-attr --condition --names --values --return --exec-timeout --max-steps --max-memory --max-depth --update --version --from --count --throughput --billing --index --stream --ttl-attr --filter --limit --start --order --segments --token --shard --after --output -o --compressor --password-file --shared-dict

function __ksv_commands
    printf '%s\t%s\n' \
        'create-store' 'create a store' \
        'store-exists' 'tell whether a store is there' \
        'list-stores' 'list the stores in a folder or a bucket' \
        'describe-store' 'tell what a store is and what it can do' \
        'delete-store' 'delete a store and all its keys' \
        'delete-bucket' 'delete an empty bucket' \
        'doctor' 'prove a store before it is trusted' \
        'get' 'read a value' \
        'get-in' 'read a part of a value' \
        'exists' 'tell whether a key is there' \
        'keys' 'list the keys' \
        'assoc' 'write a value' \
        'assoc-in' 'write a part of a value' \
        'update' 'change a value by a function, atomically' \
        'update-in' 'change a part of a value by a function, atomically' \
        'swap' 'change a value that is there, and print the new one' \
        'cas' 'write a value if the old one is as expected' \
        'dissoc' 'remove a key' \
        'bget' 'read bytes' \
        'bassoc' 'write bytes' \
        'multi-get' 'read several values' \
        'multi-assoc' 'write several values' \
        'multi-dissoc' 'remove several keys' \
        'append' 'add an element to an append-only log' \
        'log' 'print the elements of a log' \
        'reduce-log' 'fold the elements of a log' \
        'ls' 'show a directory' \
        'create' 'write a value under a new key, in order' \
        'delete-all' 'remove what is in a directory' \
        'watch' 'show changes as they happen' \
        'txn' 'do several things in one step if conditions hold' \
        'members' 'show the members of the cluster' \
        'leader' 'show the leader of the cluster' \
        'health' 'tell whether the endpoints are healthy' \
        'compact' 'drop the history before a revision' \
        'table' 'list, describe, create, change and delete tables' \
        'query' 'list the items of one partition of a table' \
        'scan' 'list the items of a table' \
        'batch-get' 'read many items' \
        'batch-write' 'write or remove many items' \
        'transact' 'write or read several items, all or nothing' \
        'stream' 'list, describe and read the streams of tables: what changed' \
        'inspect' 'look into a .ksv file' \
        'hash' 'print the file name of a key' \
        'freeze' 'write a value as Nippy does' \
        'thaw' 'print what Nippy has written' \
        'help' 'explain a command or a topic' \
        'version' 'print the version of ksv' \
        'completion' 'print a completion script'
end

function __ksv_topics
    printf '%s\t%s\n' \
        'stores' 'how a store is named, and how it is written' \
        'values' 'how keys and values are written' \
        'functions' 'the language of update functions' \
        'options' 'the options of every command' \
        'exit-status' 'what the exit status tells' \
        'config' 'names for stores'
end

function __ksv_functions
    printf '%s\n' \
        '+' \
        '+\'' \
        '-' \
        '-\'' \
        '*' \
        '*\'' \
        '/' \
        'inc' \
        'inc\'' \
        'dec' \
        'dec\'' \
        'quot' \
        'rem' \
        'mod' \
        'min' \
        'max' \
        'abs' \
        'int' \
        'long' \
        'double' \
        'float' \
        'bigint' \
        'bigdec' \
        'rationalize' \
        'numerator' \
        'denominator' \
        'char' \
        'boolean' \
        'bit-and' \
        'bit-or' \
        'bit-xor' \
        'bit-and-not' \
        'bit-not' \
        'bit-shift-left' \
        'bit-shift-right' \
        'unsigned-bit-shift-right' \
        'bit-set' \
        'bit-clear' \
        'bit-flip' \
        'bit-test' \
        '=' \
        'not=' \
        '==' \
        '<' \
        '<=' \
        '>' \
        '>=' \
        'compare' \
        'not' \
        'nil?' \
        'some?' \
        'true?' \
        'false?' \
        'boolean?' \
        'number?' \
        'int?' \
        'integer?' \
        'nat-int?' \
        'pos-int?' \
        'neg-int?' \
        'float?' \
        'double?' \
        'ratio?' \
        'rational?' \
        'decimal?' \
        'zero?' \
        'pos?' \
        'neg?' \
        'even?' \
        'odd?' \
        'NaN?' \
        'infinite?' \
        'string?' \
        'char?' \
        'keyword?' \
        'symbol?' \
        'ident?' \
        'simple-ident?' \
        'qualified-ident?' \
        'simple-keyword?' \
        'qualified-keyword?' \
        'simple-symbol?' \
        'qualified-symbol?' \
        'uuid?' \
        'inst?' \
        'coll?' \
        'vector?' \
        'list?' \
        'map?' \
        'set?' \
        'seq?' \
        'sequential?' \
        'associative?' \
        'counted?' \
        'seqable?' \
        'sorted?' \
        'map-entry?' \
        'fn?' \
        'ifn?' \
        'vector' \
        'vec' \
        'list' \
        'set' \
        'hash-set' \
        'hash-map' \
        'sorted-map' \
        'sorted-set' \
        'zipmap' \
        'conj' \
        'into' \
        'disj' \
        'empty' \
        'count' \
        'empty?' \
        'not-empty' \
        'peek' \
        'pop' \
        'subvec' \
        'nth' \
        'get' \
        'get-in' \
        'assoc' \
        'assoc-in' \
        'dissoc' \
        'update' \
        'update-in' \
        'contains?' \
        'find' \
        'select-keys' \
        'merge' \
        'merge-with' \
        'key' \
        'val' \
        'keys' \
        'vals' \
        'update-keys' \
        'update-vals' \
        'first' \
        'second' \
        'last' \
        'rest' \
        'next' \
        'butlast' \
        'seq' \
        'cons' \
        'concat' \
        'reverse' \
        'interleave' \
        'flatten' \
        'map' \
        'mapv' \
        'map-indexed' \
        'mapcat' \
        'filter' \
        'filterv' \
        'remove' \
        'keep' \
        'keep-indexed' \
        'take' \
        'take-while' \
        'drop-while' \
        'distinct' \
        'dedupe' \
        'interpose' \
        'partition-by' \
        'drop' \
        'take-last' \
        'drop-last' \
        'split-at' \
        'split-with' \
        'partition' \
        'partition-all' \
        'range' \
        'repeat' \
        'sort' \
        'sort-by' \
        'group-by' \
        'frequencies' \
        'max-key' \
        'min-key' \
        'reduce' \
        'reduce-kv' \
        'reductions' \
        'reduced' \
        'reduced?' \
        'unreduced' \
        'some' \
        'every?' \
        'not-every?' \
        'not-any?' \
        'identity' \
        'constantly' \
        'comp' \
        'partial' \
        'fnil' \
        'juxt' \
        'complement' \
        'apply' \
        'str' \
        'subs' \
        'format' \
        'pr-str' \
        'read-string' \
        'parse-long' \
        'parse-double' \
        'parse-boolean' \
        'parse-uuid' \
        'name' \
        'namespace' \
        'keyword' \
        'symbol' \
        'str/upper-case' \
        'str/lower-case' \
        'str/capitalize' \
        'str/trim' \
        'str/triml' \
        'str/trimr' \
        'str/trim-newline' \
        'str/blank?' \
        'str/starts-with?' \
        'str/ends-with?' \
        'str/includes?' \
        'str/index-of' \
        'str/last-index-of' \
        'str/join' \
        'str/reverse' \
        're-find' \
        're-matches' \
        're-seq' \
        're-pattern' \
        'str/split' \
        'str/split-lines' \
        'str/replace' \
        'str/replace-first' \
        'set/union' \
        'set/intersection' \
        'set/difference' \
        'set/subset?' \
        'set/superset?' \
        'set/select' \
        'set/map-invert' \
        'set/rename-keys' \
        'set/project' \
        'set/index' \
        'set/join'
end

# Whether the operand at the cursor is of this kind.
function __ksv_wants
    set -l parsed (__ksv_parse)
    set -l kind nothing
    switch "$parsed"
        case 'list-stores 0'
            set kind file
        case 'delete-bucket 0'
            set kind store
        case 'doctor 0'
            set kind store
        case 'update 1'
            set kind function
        case 'update-in 1'
            set kind function
        case 'swap 1'
            set kind function
        case 'bget 1'
            set kind file
        case 'bassoc 1'
            set kind file
        case 'reduce-log 1'
            set kind function
        case 'txn 0'
            set kind file
        case 'table 0'
            set kind choices
        case 'stream 0'
            set kind choices
        case 'inspect 0'
            set kind file
        case 'thaw 0'
            set kind file
        case 'help 0'
            set kind topic
        case 'completion 0'
            set kind choices
    end
    test $kind = $argv[1]
end

function __ksv_operands
    set -l token (commandline -ct)
    set -l parsed (__ksv_parse)
    if __ksv_is
        __ksv_commands
    else if string match -q '@*' -- $token
        __ksv_at_files $token
    else if __ksv_wants store
        __ksv_stores
    else if __ksv_wants command
        __ksv_commands
    else if __ksv_wants topic
        __ksv_topics
        __ksv_commands
    else if __ksv_wants function
        __ksv_functions
    else if test "$parsed" = 'table 0'
        printf '%s\n' list describe create ensure update delete
    else if test "$parsed" = 'stream 0'
        printf '%s\n' list describe read
    else if test "$parsed" = 'completion 0'
        printf '%s\n' bash zsh fish
    end
end

complete -c ksv -f
complete -c ksv -n __ksv_exec -a '(__ksv_exec_words)'
complete -c ksv -n 'not __ksv_exec; and __ksv_wants file' -F
complete -c ksv -n 'not __ksv_exec' -a '(__ksv_operands)'
complete -c ksv -s s -l store -x -a '(__ksv_stores)' -d 'the store to work on: a path, file:PATH, memory:, a konserve config map, @FILE, or a profile; see ksv help stores'
complete -c ksv -l json -d 'read and print values as JSON; errors too'
complete -c ksv -l raw -d 'values are strings, taken and printed byte for byte'
complete -c ksv -l format -x -a 'edn json raw table' -d 'how to print answers; edn and json also print errors so'
complete -c ksv -l string-keys -d 'KEY is a string as it stands, not EDN'
complete -c ksv -s 0 -l null -d 'end records with NUL instead of newline'
complete -c ksv -s q -l quiet -d 'no notes on standard error'
complete -c ksv -s v -l verbose -d 'log each step to standard error; -vv with the headers of each request'
complete -c ksv -l stats -d 'print one line of figures to standard error at the end'
complete -c ksv -l timeout -x -d 'bound the whole command, such as 500ms, 30s (the default) or 5m'
complete -c ksv -l connect-timeout -x -d 'bound the making of one connection, 5s when not given'
complete -c ksv -l conflict-retries -x -d 'give up after N lost races instead of at the timeout'
complete -c ksv -l no-sync -d 'file stores: do not wait for the disk; a power cut may lose the write'
complete -c ksv -l allow-unsafe -d 'work on a store that ignores or refuses conditions: others\' writes may then be lost'
complete -c ksv -l x-ray -d 'S3: trace the requests with AWS X-Ray'
complete -c ksv -l color -x -a 'auto always never' -d 'colour the answers'
complete -c ksv -s h -l help -d 'explain the command'
complete -c ksv -n '__ksv_is create-store' -l if-absent -d 'no error when the store exists'
complete -c ksv -n '__ksv_is create-store' -l hash-key -x -d 'DynamoDB: the partition key of the table, TYPE being s, n or b: id:n'
complete -c ksv -n '__ksv_is create-store' -l range-key -x -d 'DynamoDB: its sort key, if it has one'
complete -c ksv -n '__ksv_is create-store' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is list-stores' -l long -d 'add counts, sizes and the last write'
complete -c ksv -n '__ksv_is delete-store' -l yes -d 'do not ask'
complete -c ksv -n '__ksv_is delete-store' -l if-exists -d 'no error when there is no such store'
complete -c ksv -n '__ksv_is delete-store' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is delete-bucket' -l yes -d 'do it; without, only say what would be done'
complete -c ksv -n '__ksv_is delete-bucket' -l if-exists -d 'no error when there is none'
complete -c ksv -n '__ksv_is get' -l meta -d 'print a map with :value, :version and :meta'
complete -c ksv -n '__ksv_is get' -l select -x -a '(__ksv_functions)' -d 'print FN of the value instead of the value'
complete -c ksv -n '__ksv_is get' -s r -l recursive -d 'etcd: with what is in further directories'
complete -c ksv -n '__ksv_is get' -l stale -d 'etcd: by the member alone; DynamoDB: eventually consistent; faster or cheaper, but it may be old'
complete -c ksv -n '__ksv_is get' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is get' -l revision -x -d 'etcd v3: the state as of this revision'
complete -c ksv -n '__ksv_is get' -l quorum -d 'etcd: as it is without; not with --stale'
complete -c ksv -n '__ksv_is get' -l sorted -d 'etcd: as it is without'
complete -c ksv -n '__ksv_is get' -l projection -x -d 'DynamoDB: only these attributes: \'a, b.c[0]\''
complete -c ksv -n '__ksv_is get' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is get' -l consistent -d 'DynamoDB: strongly consistent, as it is without unless the address says stale or the index is a local one'
complete -c ksv -n '__ksv_is get' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is get-in' -l meta -d 'print a map with :value, :version and :meta'
complete -c ksv -n '__ksv_is get-in' -l select -x -a '(__ksv_functions)' -d 'print FN of the value instead of the value'
complete -c ksv -n '__ksv_is keys' -l prefix -x -d 'only keys whose EDN text begins so; with --string-keys, strings'
complete -c ksv -n '__ksv_is keys' -l meta -d 'print each key\'s metadata'
complete -c ksv -n '__ksv_is assoc' -l if-absent -d 'only if the key is absent'
complete -c ksv -n '__ksv_is assoc' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is assoc' -l print -d 'print [old new]'
complete -c ksv -n '__ksv_is assoc' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is assoc' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is assoc' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is assoc' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is assoc' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is assoc' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is assoc' -l refresh -d 'etcd: give KEY its time to live again, and leave its value'
complete -c ksv -n '__ksv_is assoc' -l condition -x -d 'DynamoDB: only if this is true of the item that is there; see ksv-query(1)'
complete -c ksv -n '__ksv_is assoc' -l names -x -d 'what #names in expressions stand for: {"#n" "name"}'
complete -c ksv -n '__ksv_is assoc' -l values -x -d 'what :values in expressions stand for: {:min 5}'
complete -c ksv -n '__ksv_is assoc' -l return -x -a 'none old' -d 'DynamoDB: print the item as it was, or is, or what was changed of it'
complete -c ksv -n '__ksv_is assoc' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is assoc' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is assoc-in' -l if-absent -d 'only if the key is absent'
complete -c ksv -n '__ksv_is assoc-in' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is assoc-in' -l print -d 'print [old new]'
complete -c ksv -n '__ksv_is assoc-in' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is assoc-in' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is assoc-in' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is assoc-in' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is assoc-in' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is assoc-in' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is update' -l skip-equal -d 'do not write a value that is equal to the old one'
complete -c ksv -n '__ksv_is update' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is update' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is update' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is update' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is update' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is update' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is update' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is update' -l exec -d 'run the command after -- as the function, in place of FN'
complete -c ksv -n '__ksv_is update' -l exec-timeout -x -d 'end the command of --exec after this long'
complete -c ksv -n '__ksv_is update' -l max-steps -x -d 'let FN take up to N steps'
complete -c ksv -n '__ksv_is update' -l max-memory -x -d 'let FN build up to this many bytes'
complete -c ksv -n '__ksv_is update' -l max-depth -x -d 'let FN\'s calls and values nest N deep'
complete -c ksv -n '__ksv_is update' -l update -x -d 'DynamoDB: in place of FN, an update expression: \'SET n = n + 1 REMOVE tmp\''
complete -c ksv -n '__ksv_is update' -l condition -x -d 'DynamoDB: only if this is true of the item that is there; see ksv-query(1)'
complete -c ksv -n '__ksv_is update' -l names -x -d 'what #names in expressions stand for: {"#n" "name"}'
complete -c ksv -n '__ksv_is update' -l values -x -d 'what :values in expressions stand for: {:min 5}'
complete -c ksv -n '__ksv_is update' -l return -x -a 'none old new updated-old updated-new' -d 'DynamoDB: print the item as it was, or is, or what was changed of it'
complete -c ksv -n '__ksv_is update' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is update' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is update-in' -l skip-equal -d 'do not write a value that is equal to the old one'
complete -c ksv -n '__ksv_is update-in' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is update-in' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is update-in' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is update-in' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is update-in' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is update-in' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is update-in' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is update-in' -l exec -d 'run the command after -- as the function, in place of FN'
complete -c ksv -n '__ksv_is update-in' -l exec-timeout -x -d 'end the command of --exec after this long'
complete -c ksv -n '__ksv_is update-in' -l max-steps -x -d 'let FN take up to N steps'
complete -c ksv -n '__ksv_is update-in' -l max-memory -x -d 'let FN build up to this many bytes'
complete -c ksv -n '__ksv_is update-in' -l max-depth -x -d 'let FN\'s calls and values nest N deep'
complete -c ksv -n '__ksv_is swap' -l skip-equal -d 'do not write a value that is equal to the old one'
complete -c ksv -n '__ksv_is swap' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is swap' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is swap' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is swap' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is swap' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is swap' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is swap' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is swap' -l exec -d 'run the command after -- as the function, in place of FN'
complete -c ksv -n '__ksv_is swap' -l exec-timeout -x -d 'end the command of --exec after this long'
complete -c ksv -n '__ksv_is swap' -l max-steps -x -d 'let FN take up to N steps'
complete -c ksv -n '__ksv_is swap' -l max-memory -x -d 'let FN build up to this many bytes'
complete -c ksv -n '__ksv_is swap' -l max-depth -x -d 'let FN\'s calls and values nest N deep'
complete -c ksv -n '__ksv_is cas' -l version -x -d 'write if the key has this version; OLD is left out'
complete -c ksv -n '__ksv_is cas' -l absent -d 'write if the key is absent; OLD is left out'
complete -c ksv -n '__ksv_is cas' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is cas' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is cas' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is cas' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is cas' -l exactly-once -d 'DynamoDB: write by a transaction, whose outcome is always known, at twice the price'
complete -c ksv -n '__ksv_is dissoc' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is dissoc' -l dry-run -d 'show what would be written, write nothing'
complete -c ksv -n '__ksv_is dissoc' -l version-attr -x -d 'DynamoDB: compare and count up this attribute, in place of comparing all'
complete -c ksv -n '__ksv_is dissoc' -l condition -x -d 'DynamoDB: only if this is true of the item that is there; see ksv-query(1)'
complete -c ksv -n '__ksv_is dissoc' -l names -x -d 'what #names in expressions stand for: {"#n" "name"}'
complete -c ksv -n '__ksv_is dissoc' -l values -x -d 'what :values in expressions stand for: {:min 5}'
complete -c ksv -n '__ksv_is dissoc' -l return -x -a 'none old' -d 'DynamoDB: print the item as it was, or is, or what was changed of it'
complete -c ksv -n '__ksv_is dissoc' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is dissoc' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is bassoc' -l if-absent -d 'only if the key is absent'
complete -c ksv -n '__ksv_is bassoc' -l if-match -x -d 'only if the key has this version'
complete -c ksv -n '__ksv_is bassoc' -l print-version -d 'print the new version instead of the usual answer; see ksv(1)'
complete -c ksv -n '__ksv_is reduce-log' -l max-steps -x -d 'let FN take up to N steps'
complete -c ksv -n '__ksv_is reduce-log' -l max-memory -x -d 'let FN build up to this many bytes'
complete -c ksv -n '__ksv_is reduce-log' -l max-depth -x -d 'let FN\'s calls and values nest N deep'
complete -c ksv -n '__ksv_is ls' -s r -l recursive -d 'etcd: with what is in further directories'
complete -c ksv -n '__ksv_is ls' -l tree -d 'print a tree of names'
complete -c ksv -n '__ksv_is ls' -l stale -d 'etcd: by the member alone; faster, but it may be old'
complete -c ksv -n '__ksv_is ls' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is create' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is create' -l edn -d 'etcd: VALUE is EDN and so is what is printed, strings in quotes; stored is text'
complete -c ksv -n '__ksv_is watch' -s r -l recursive -d 'etcd: with what is in further directories'
complete -c ksv -n '__ksv_is watch' -l from -x -d 'the first change to show'
complete -c ksv -n '__ksv_is watch' -l count -x -d 'end after N changes'
complete -c ksv -n '__ksv_is txn' -l ttl -x -d 'etcd: what is written is removed by the server after so long'
complete -c ksv -n '__ksv_is compact' -l physical -d 'wait until the space is free in the database'
complete -c ksv -n '__ksv_is table' -l hash-key -x -d 'DynamoDB: the partition key of the table, TYPE being s, n or b: id:n'
complete -c ksv -n '__ksv_is table' -l range-key -x -d 'DynamoDB: its sort key, if it has one'
complete -c ksv -n '__ksv_is table' -l throughput -x -d 'provisioned units of capacity: 5:5'
complete -c ksv -n '__ksv_is table' -l billing -x -a 'provisioned pay-per-request' -d 'provisioned or pay-per-request'
complete -c ksv -n '__ksv_is table' -l index -x -d 'an index, or a vector of indexes'
complete -c ksv -n '__ksv_is table' -l stream -x -a 'keys-only new-image old-image new-and-old-images off' -d 'what changes are recorded with, or off'
complete -c ksv -n '__ksv_is table' -l ttl-attr -x -d 'the attribute that says when an item expires, or off'
complete -c ksv -n '__ksv_is table' -l from -r -F -d 'create a table as described there, by describe'
complete -c ksv -n '__ksv_is table' -l block -d 'wait until the table is ready, or gone'
complete -c ksv -n '__ksv_is table' -l yes -d 'delete without asking'
complete -c ksv -n '__ksv_is query' -l filter -x -d 'only items of which this is true; the service reads, and bills, the others too'
complete -c ksv -n '__ksv_is query' -l projection -x -d 'only these attributes: \'a, b.c[0]\''
complete -c ksv -n '__ksv_is query' -l names -x -d 'what #names in expressions stand for: {"#n" "name"}'
complete -c ksv -n '__ksv_is query' -l values -x -d 'what :values in expressions stand for: {:min 5}'
complete -c ksv -n '__ksv_is query' -l index -x -d 'of this index, not of the table'
complete -c ksv -n '__ksv_is query' -l limit -x -d 'at most so many items of the answer'
complete -c ksv -n '__ksv_is query' -l start -x -d 'go on where an earlier one told that there is more'
complete -c ksv -n '__ksv_is query' -l count -d 'print their number alone'
complete -c ksv -n '__ksv_is query' -l stale -d 'eventually consistent reads, at half the price'
complete -c ksv -n '__ksv_is query' -l consistent -d 'DynamoDB: strongly consistent, as it is without unless the address says stale or the index is a local one'
complete -c ksv -n '__ksv_is query' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is query' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is query' -l order -x -a 'asc desc' -d 'of the range key: asc (the default) or desc'
complete -c ksv -n '__ksv_is scan' -l filter -x -d 'only items of which this is true; the service reads, and bills, the others too'
complete -c ksv -n '__ksv_is scan' -l projection -x -d 'only these attributes: \'a, b.c[0]\''
complete -c ksv -n '__ksv_is scan' -l names -x -d 'what #names in expressions stand for: {"#n" "name"}'
complete -c ksv -n '__ksv_is scan' -l values -x -d 'what :values in expressions stand for: {:min 5}'
complete -c ksv -n '__ksv_is scan' -l index -x -d 'of this index, not of the table'
complete -c ksv -n '__ksv_is scan' -l limit -x -d 'at most so many items of the answer'
complete -c ksv -n '__ksv_is scan' -l start -x -d 'go on where an earlier one told that there is more'
complete -c ksv -n '__ksv_is scan' -l count -d 'print their number alone'
complete -c ksv -n '__ksv_is scan' -l stale -d 'eventually consistent reads, at half the price'
complete -c ksv -n '__ksv_is scan' -l consistent -d 'DynamoDB: strongly consistent, as it is without unless the address says stale or the index is a local one'
complete -c ksv -n '__ksv_is scan' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is scan' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is scan' -l segments -x -d 'read so many parts of it at once'
complete -c ksv -n '__ksv_is batch-get' -l projection -x -d 'only these attributes'
complete -c ksv -n '__ksv_is batch-get' -l multi-values -d 'a list stands for several: {:id [1 2]} is {:id 1} and {:id 2}, as in faraday'
complete -c ksv -n '__ksv_is batch-get' -l stale -d 'eventually consistent reads, at half the price'
complete -c ksv -n '__ksv_is batch-get' -l consistent -d 'DynamoDB: strongly consistent, as it is without unless the address says stale or the index is a local one'
complete -c ksv -n '__ksv_is batch-get' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is batch-get' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is batch-write' -l delete -d 'what is given are keys of items to remove'
complete -c ksv -n '__ksv_is batch-write' -l multi-values -d 'a list stands for several: {:id [1 2]} is {:id 1} and {:id 2}, as in faraday'
complete -c ksv -n '__ksv_is batch-write' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is batch-write' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is transact' -l token -x -d 'the client request token; else one is made up'
complete -c ksv -n '__ksv_is transact' -l capacity -d 'DynamoDB: tell the capacity that it took'
complete -c ksv -n '__ksv_is transact' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is stream' -l all -d 'list those of all tables'
complete -c ksv -n '__ksv_is stream' -l shard -x -d 'read this shard alone'
complete -c ksv -n '__ksv_is stream' -l from -x -d 'where to begin: oldest (the default), now, or a sequence number'
complete -c ksv -n '__ksv_is stream' -l after -x -d 'begin behind the record of this number'
complete -c ksv -n '__ksv_is stream' -l count -x -d 'end after N records'
complete -c ksv -n '__ksv_is stream' -l follow -d 'go on with what comes'
complete -c ksv -n '__ksv_is stream' -l typed-json -d 'DynamoDB: items in the service\'s own JSON, both ways: {"n":{"N":"1"}}'
complete -c ksv -n '__ksv_is freeze' -s o -l output -r -F -d 'write the bytes to FILE, which appears when all is there'
complete -c ksv -n '__ksv_is freeze' -l compressor -x -a 'none lz4 zstd snappy lzma2' -d 'compress so, however short the bytes are'
complete -c ksv -n '__ksv_is freeze' -l tight -d 'the shorter form of Nippy 3.9'
complete -c ksv -n '__ksv_is freeze' -l no-header -d 'as Nippy\'s fast-freeze: the value alone'
complete -c ksv -n '__ksv_is freeze' -l password-file -r -F -d 'the password is the line in FILE'
complete -c ksv -n '__ksv_is freeze' -l salted -d 'make the key with a random salt, as without --cached'
complete -c ksv -n '__ksv_is freeze' -l cached -d 'make the same key of the password each time'
complete -c ksv -n '__ksv_is thaw' -l password-file -r -F -d 'the password is the line in FILE'
complete -c ksv -n '__ksv_is thaw' -l salted -d 'the key was made with a salt; else both ways are tried'
complete -c ksv -n '__ksv_is thaw' -l cached -d 'the key was made without a salt'
complete -c ksv -n '__ksv_is thaw' -l shared-dict -x -d 'the vector that was :shared-dict when freezing; @FILE reads a file'
complete -c ksv -n '__ksv_is thaw' -l no-header -d 'the bytes are those of Nippy\'s fast-freeze'
