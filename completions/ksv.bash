# bash completion for ksv; written by ksv_gendocs from the table of commands.

# The names of the profiles, read without starting a process.
_ksv_profiles() {
  local file="${XDG_CONFIG_HOME:-$HOME/.config}/ksv/config.toml" line
  local pattern='^[[:space:]]*\[[[:space:]]*stores\.("([^"]+)"|([A-Za-z0-9_-]+))[[:space:]]*\]'
  [[ -r $file ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ $pattern ]] && printf '%s\n' "${BASH_REMATCH[2]}${BASH_REMATCH[3]}"
  done <"$file"
}

_ksv_commands='create-store store-exists list-stores describe-store delete-store delete-bucket doctor get
  get-in exists keys assoc assoc-in update update-in swap cas dissoc bget bassoc multi-get
  multi-assoc multi-dissoc append log reduce-log ls create delete-all watch txn members leader
  health compact table query scan batch-get batch-write transact stream inspect hash freeze thaw
  help version completion'
_ksv_topics='stores values functions options exit-status config'
_ksv_functions='- / inc dec quot rem mod min max abs int long double float bigint bigdec rationalize numerator
  denominator char boolean bit-and bit-or bit-xor bit-and-not bit-not bit-shift-left
  bit-shift-right unsigned-bit-shift-right bit-set bit-clear bit-flip bit-test compare not
  vector vec list set hash-set hash-map sorted-map sorted-set zipmap conj into disj empty count
  not-empty peek pop subvec nth get get-in assoc assoc-in dissoc update update-in find
  select-keys merge merge-with key val keys vals update-keys update-vals first second last rest
  next butlast seq cons concat reverse interleave flatten map mapv map-indexed mapcat filter
  filterv remove keep keep-indexed take take-while drop-while distinct dedupe interpose
  partition-by drop take-last drop-last split-at split-with partition partition-all range repeat
  sort sort-by group-by frequencies max-key min-key reduce reduce-kv reductions reduced
  unreduced some identity constantly comp partial fnil juxt complement apply str subs format
  pr-str read-string parse-long parse-double parse-boolean parse-uuid name namespace keyword
  symbol str/upper-case str/lower-case str/capitalize str/trim str/triml str/trimr
  str/trim-newline str/index-of str/last-index-of str/join str/reverse re-find re-matches re-seq
  re-pattern str/split str/split-lines str/replace str/replace-first set/union set/intersection
  set/difference set/select set/map-invert set/rename-keys set/project set/index set/join'

_ksv_options() {  # COMMAND
  local common='--store --json --raw --format --string-keys --null --quiet --verbose --stats --timeout --connect-timeout --conflict-retries --no-sync --allow-unsafe --x-ray --color --help'
  case $1 in
    create-store) echo "--if-absent --hash-key --range-key --dry-run $common" ;;
    list-stores) echo "--long $common" ;;
    delete-store) echo "--yes --if-exists --dry-run $common" ;;
    delete-bucket) echo "--yes --if-exists $common" ;;
    get) echo "--meta --select --recursive --stale --edn --revision --quorum --sorted --projection --capacity --consistent --typed-json $common" ;;
    get-in) echo "--meta --select $common" ;;
    keys) echo "--prefix --meta $common" ;;
    assoc) echo "--if-absent --if-match --print --print-version --ttl --edn --dry-run --version-attr --exactly-once --refresh --condition --names --values --return --capacity --typed-json $common" ;;
    assoc-in) echo "--if-absent --if-match --print --print-version --ttl --edn --dry-run --version-attr --exactly-once $common" ;;
    update) echo "--skip-equal --if-match --print-version --ttl --edn --dry-run --version-attr --exactly-once --exec --exec-timeout --max-steps --max-memory --max-depth --update --condition --names --values --return --capacity --typed-json $common" ;;
    update-in) echo "--skip-equal --if-match --print-version --ttl --edn --dry-run --version-attr --exactly-once --exec --exec-timeout --max-steps --max-memory --max-depth $common" ;;
    swap) echo "--skip-equal --if-match --print-version --ttl --edn --dry-run --version-attr --exactly-once --exec --exec-timeout --max-steps --max-memory --max-depth $common" ;;
    cas) echo "--version --absent --print-version --ttl --edn --version-attr --exactly-once $common" ;;
    dissoc) echo "--if-match --dry-run --version-attr --condition --names --values --return --capacity --typed-json $common" ;;
    bassoc) echo "--if-absent --if-match --print-version $common" ;;
    reduce-log) echo "--max-steps --max-memory --max-depth $common" ;;
    ls) echo "--recursive --tree --stale --edn $common" ;;
    create) echo "--ttl --edn $common" ;;
    watch) echo "--recursive --from --count $common" ;;
    txn) echo "--ttl $common" ;;
    compact) echo "--physical $common" ;;
    table) echo "--hash-key --range-key --throughput --billing --index --stream --ttl-attr --from --block --yes $common" ;;
    query) echo "--filter --projection --names --values --index --limit --start --count --stale --consistent --capacity --typed-json --order $common" ;;
    scan) echo "--filter --projection --names --values --index --limit --start --count --stale --consistent --capacity --typed-json --segments $common" ;;
    batch-get) echo "--projection --multi-values --stale --consistent --capacity --typed-json $common" ;;
    batch-write) echo "--delete --multi-values --capacity --typed-json $common" ;;
    transact) echo "--token --capacity --typed-json $common" ;;
    stream) echo "--all --shard --from --after --count --follow --typed-json $common" ;;
    freeze) echo "--output --compressor --tight --no-header --password-file --salted --cached $common" ;;
    thaw) echo "--password-file --salted --cached --shared-dict --no-header $common" ;;
    *) echo "$common" ;;
  esac
}

# Sets `kind` to what the argument of an option is; it stays empty for flags.
_ksv_option() {  # COMMAND OPTION
  kind="" choices=""
  case "$1 $2" in
    "create-store --hash-key") kind=nothing ;;
    "create-store --range-key") kind=nothing ;;
    "get --select") kind=function ;;
    "get --revision") kind=nothing ;;
    "get --projection") kind=nothing ;;
    "get-in --select") kind=function ;;
    "keys --prefix") kind=nothing ;;
    "assoc --if-match") kind=nothing ;;
    "assoc --ttl") kind=nothing ;;
    "assoc --version-attr") kind=nothing ;;
    "assoc --condition") kind=nothing ;;
    "assoc --names") kind=nothing ;;
    "assoc --values") kind=nothing ;;
    "assoc --return") kind=choices choices='none old' ;;
    "assoc-in --if-match") kind=nothing ;;
    "assoc-in --ttl") kind=nothing ;;
    "assoc-in --version-attr") kind=nothing ;;
    "update --if-match") kind=nothing ;;
    "update --ttl") kind=nothing ;;
    "update --version-attr") kind=nothing ;;
    "update --exec-timeout") kind=nothing ;;
    "update --max-steps") kind=nothing ;;
    "update --max-memory") kind=nothing ;;
    "update --max-depth") kind=nothing ;;
    "update --update") kind=nothing ;;
    "update --condition") kind=nothing ;;
    "update --names") kind=nothing ;;
    "update --values") kind=nothing ;;
    "update --return") kind=choices choices='none old new updated-old updated-new' ;;
    "update-in --if-match") kind=nothing ;;
    "update-in --ttl") kind=nothing ;;
    "update-in --version-attr") kind=nothing ;;
    "update-in --exec-timeout") kind=nothing ;;
    "update-in --max-steps") kind=nothing ;;
    "update-in --max-memory") kind=nothing ;;
    "update-in --max-depth") kind=nothing ;;
    "swap --if-match") kind=nothing ;;
    "swap --ttl") kind=nothing ;;
    "swap --version-attr") kind=nothing ;;
    "swap --exec-timeout") kind=nothing ;;
    "swap --max-steps") kind=nothing ;;
    "swap --max-memory") kind=nothing ;;
    "swap --max-depth") kind=nothing ;;
    "cas --version") kind=nothing ;;
    "cas --ttl") kind=nothing ;;
    "cas --version-attr") kind=nothing ;;
    "dissoc --if-match") kind=nothing ;;
    "dissoc --version-attr") kind=nothing ;;
    "dissoc --condition") kind=nothing ;;
    "dissoc --names") kind=nothing ;;
    "dissoc --values") kind=nothing ;;
    "dissoc --return") kind=choices choices='none old' ;;
    "bassoc --if-match") kind=nothing ;;
    "reduce-log --max-steps") kind=nothing ;;
    "reduce-log --max-memory") kind=nothing ;;
    "reduce-log --max-depth") kind=nothing ;;
    "create --ttl") kind=nothing ;;
    "watch --from") kind=nothing ;;
    "watch --count") kind=nothing ;;
    "txn --ttl") kind=nothing ;;
    "table --hash-key") kind=nothing ;;
    "table --range-key") kind=nothing ;;
    "table --throughput") kind=nothing ;;
    "table --billing") kind=choices choices='provisioned pay-per-request' ;;
    "table --index") kind=nothing ;;
    "table --stream") kind=choices choices='keys-only new-image old-image new-and-old-images off' ;;
    "table --ttl-attr") kind=nothing ;;
    "table --from") kind=file ;;
    "query --filter") kind=nothing ;;
    "query --projection") kind=nothing ;;
    "query --names") kind=nothing ;;
    "query --values") kind=nothing ;;
    "query --index") kind=nothing ;;
    "query --limit") kind=nothing ;;
    "query --start") kind=nothing ;;
    "query --order") kind=choices choices='asc desc' ;;
    "scan --filter") kind=nothing ;;
    "scan --projection") kind=nothing ;;
    "scan --names") kind=nothing ;;
    "scan --values") kind=nothing ;;
    "scan --index") kind=nothing ;;
    "scan --limit") kind=nothing ;;
    "scan --start") kind=nothing ;;
    "scan --segments") kind=nothing ;;
    "batch-get --projection") kind=nothing ;;
    "transact --token") kind=nothing ;;
    "stream --shard") kind=nothing ;;
    "stream --from") kind=nothing ;;
    "stream --after") kind=nothing ;;
    "stream --count") kind=nothing ;;
    "freeze --output" | "freeze -o") kind=file ;;
    "freeze --compressor") kind=choices choices='none lz4 zstd snappy lzma2' ;;
    "freeze --password-file") kind=file ;;
    "thaw --password-file") kind=file ;;
    "thaw --shared-dict") kind=nothing ;;
    *" --store" | *" -s") kind=store ;;
    *" --format") kind=choices choices='edn json raw table' ;;
    *" --timeout") kind=nothing ;;
    *" --connect-timeout") kind=nothing ;;
    *" --conflict-retries") kind=nothing ;;
    *" --color") kind=choices choices='auto always never' ;;
  esac
}

# Sets `kind` to what the operand after so many others is.
_ksv_operand() {  # COMMAND COUNT
  case "$1 $2" in
    "list-stores "0) kind=file ;;
    "delete-bucket "0) kind=store ;;
    "doctor "0) kind=store ;;
    "update "0) kind=nothing ;;
    "update "1) kind=function ;;
    "update "*) kind=nothing ;;
    "update-in "0) kind=nothing ;;
    "update-in "1) kind=function ;;
    "update-in "*) kind=nothing ;;
    "swap "0) kind=nothing ;;
    "swap "1) kind=function ;;
    "swap "*) kind=nothing ;;
    "bget "0) kind=nothing ;;
    "bget "1) kind=file ;;
    "bassoc "0) kind=nothing ;;
    "bassoc "1) kind=file ;;
    "reduce-log "0) kind=nothing ;;
    "reduce-log "1) kind=function ;;
    "reduce-log "2) kind=nothing ;;
    "txn "0) kind=file ;;
    "table "0) kind=choices choices='list describe create ensure update delete' ;;
    "table "1) kind=nothing ;;
    "stream "0) kind=choices choices='list describe read' ;;
    "stream "1) kind=nothing ;;
    "inspect "0) kind=file ;;
    "thaw "0) kind=file ;;
    "help "0) kind=topic ;;
    "completion "0) kind=choices choices='bash zsh fish' ;;
  esac
}

# Offers the lines of standard input, each after the prefix $1.
_ksv_take() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$1$line"); done
}

# With a prefix, readline would quote that too and could not see folders.
_ksv_files() {  # PREFIX CURRENT [-d]
  local name
  if [[ -z $1 ]]; then
    compopt -o filenames 2>/dev/null
    _ksv_take "" < <(compgen "${3:--f}" -- "$2")
    return
  fi
  while IFS= read -r name; do
    [[ -d $name ]] && name+=/
    printf -v name %q "$name"
    COMPREPLY+=("$1$name")
  done < <(compgen "${3:--f}" -- "$2")
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace 2>/dev/null
}

_ksv_offer() {  # KIND CURRENT CHOICES
  local current=$2
  case $1 in
    file)
      if [[ $current == @* ]]; then
        _ksv_files @ "${current#@}"
      else
        _ksv_files "" "$current"
      fi
      ;;
    store)
      case $current in
        file:*) _ksv_files file: "${current#file:}" -d ;;
        @*) _ksv_files @ "${current#@}" ;;
        /* | ./* | ../* | \~*) _ksv_files "" "$current" -d ;;
        *)
          _ksv_take "" < <(compgen -W "$(_ksv_profiles) memory: file: ./" -- "$current")
          [[ ${COMPREPLY[*]} == file: || ${COMPREPLY[*]} == ./ ]] && compopt -o nospace 2>/dev/null
          ;;
      esac
      ;;
    command) _ksv_take "" < <(compgen -W "$_ksv_commands" -- "$current") ;;
    topic) _ksv_take "" < <(compgen -W "$_ksv_commands $_ksv_topics" -- "$current") ;;
    function) _ksv_take "" < <(compgen -W "$_ksv_functions" -- "$current") ;;
    choices) _ksv_take "" < <(compgen -W "$3" -- "$current") ;;
    *) [[ $current == @* ]] && _ksv_files @ "${current#@}" ;;
  esac
}

_ksv() {
  # bash breaks words at ":", "=" and "@"; they are put together again where no blank stands between.
  local words=() rest=$COMP_LINE word i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then
      words[${#words[@]}-1]+=$word
    else
      words+=("$word")
      rest=${rest#"${rest%%[![:space:]]*}"}
    fi
    rest=${rest#"$word"}
  done

  local current=${words[${#words[@]}-1]} command="" operands=0 ended="" exec="" kind="" choices=""
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    kind="" choices=""
    if [[ -n $ended || $word != -?* || $word == -[0-9]* ]]; then
      if [[ -z $command ]]; then command=$word; else ((operands++)); fi
    elif [[ $word == -- ]]; then
      ended=$i
      [[ -n $exec ]] && break
    else
      [[ $word == --exec ]] && exec=yes
      [[ $word == *=* ]] && continue
      _ksv_option "$command" "$word"
      [[ -n $kind ]] && ((i++))
    fi
  done

  COMPREPLY=()
  if [[ -n $exec && -n $ended ]]; then
    if ((ended == ${#words[@]} - 2)); then
      _ksv_take "" < <(compgen -c -- "$current")
    else
      _ksv_files "" "$current"
    fi
  elif ((i == ${#words[@]})); then  # the last word but one takes an argument
    _ksv_offer "$kind" "$current" "$choices"
  elif [[ -z $ended && $current == --*=* ]]; then
    _ksv_option "$command" "${current%%=*}"
    word=${current%%=*}=
    _ksv_offer "$kind" "${current#*=}" "$choices"
    COMPREPLY=("${COMPREPLY[@]/#/$word}")
  elif [[ -z $ended && $current == -* ]]; then
    _ksv_take "" < <(compgen -W "$(_ksv_options "$command")" -- "$current")
  elif [[ -z $command ]]; then
    _ksv_offer command "$current"
  else
    kind=""
    _ksv_operand "$command" "$operands"
    _ksv_offer "$kind" "$current" "$choices"
  fi

  # bash replaces only what stands after the last ":" or "=".
  local mark
  for mark in : =; do
    if [[ $COMP_WORDBREAKS == *$mark* && $current == *$mark* ]]; then
      word=${current%"${current##*"$mark"}"}
      COMPREPLY=("${COMPREPLY[@]#"$word"}")
      current=${current##*"$mark"}
    fi
  done
}

complete -F _ksv ksv
