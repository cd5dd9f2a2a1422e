# The house rules that check_layers.py holds the sources to: who may include what, and words that are not used.
import re

# Each layer of src/ with the layers it may include; the contract (include/ksv) is the layer "ksv".
LAYERS = {
    "ksv": {"ksv"},
    "base": {"base", "ksv"},
    "data": {"data", "base", "ksv"},
    "codec": {"codec", "data", "base", "ksv"},
    "expr": {"expr", "codec", "data", "base", "ksv"},
    "net": {"net", "base", "ksv"},
    "backend": {"backend", "net", "base", "ksv"},
    "core": {"core", "expr", "codec", "data", "base", "ksv"},
    "cli": {"cli", "core", "backend", "net", "expr", "codec", "data", "base", "ksv"},
}

# Parts of the contract that a layer may not know: backends move bytes, codecs are pure functions.
CONTRACT_NOT_FOR = {
    "backend": {"ksv/value.h", "ksv/number.h", "ksv/codec.h", "ksv/store.h"},
    "net": {"ksv/value.h", "ksv/number.h", "ksv/codec.h", "ksv/store.h", "ksv/backend.h"},
    "base": {"ksv/value.h", "ksv/codec.h", "ksv/store.h", "ksv/backend.h", "ksv/catalog.h"},
    "data": {"ksv/codec.h", "ksv/store.h", "ksv/backend.h", "ksv/catalog.h", "ksv/env.h", "ksv/files.h"},
    "codec": {"ksv/store.h", "ksv/backend.h", "ksv/catalog.h", "ksv/env.h", "ksv/files.h"},
    "expr": {"ksv/store.h", "ksv/backend.h", "ksv/catalog.h", "ksv/env.h", "ksv/files.h"},
}

# Third-party headers and the only sources that may include them.
OWNERS = [
    (r"openssl/", r"src/base/(crypto\.cpp|cipher\w*\.(cpp|h))"),
    (r"gmp(xx)?\.h", r"src/data/big_integer\w*\.cpp"),
    (r"lz4\w*\.h", r"src/codec/lz4\.cpp"),
    (r"zstd\w*\.h|zdict\.h", r"src/codec/zstd\.cpp"),
    (r"lzma\.h", r"src/codec/xz\.cpp"),
    (r"pcre2\.h", r"src/expr/regex\w*\.cpp"),
    (r"CLI/", r"src/cli/parse\.cpp"),
    (r"toml\+\+/", r"src/cli/profile\.cpp"),
    (r"curl/", r"src/net/curl_\w+\.(h|cpp)"),
    (r"pugixml\.hpp", r"src/base/xml\.cpp"),
    (r"fmt/format-inl\.h", r"src/base/fmt_instance\.cpp"),
    (r"fmt/format\.h", r"(src|tests)/.*\.cpp"),
    (r"doctest/doctest\.h", r"tests/.*"),
    # What is no pure function comes in through ksv::Env; the terminal and signals are the command line's.
    (r"(sys|net|netinet|arpa)/\w+\.h|\w+\.h", r"src/(base/(real_|assert|child_process|cipher_library)\w*|expr/stack|cli/\w+|net/\w+)\.cpp|tests/.*"),
]

# The C++ headers that only the sources of OWNERS' last line may include, for the same reason.
UNPURE_HEADERS = {"<fstream>", "<filesystem>", "<iostream>", "<random>", "<regex>"}
UNPURE_OWNERS = r"src/(base/real_\w*|cli/\w+|net/\w+)\.cpp|tests/.*"

# Words that our own sources do not use, outside of strings and comments: expression, where, instead.
BANNED = [
    (r"\bthrow\b", "src include", "return an Error"),
    (r"\b(try|catch)\b", "src include", "only the owner of a throwing library catches"),
    (r"\bstd::sto(i|l|ll|ul|ull|f|d|ld)\b", "src include tests", "std::from_chars"),
    (r"\b(atoi|atol|atoll|atof|strtol|strtoll|strtoul|strtoull|strtod|sscanf)\s*\(", "src include tests",
     "std::from_chars"),
    (r"\.at\(|->at\((?!\))", "src include", "check, then []"),
    (r"\bstd::get<", "src include", "std::get_if or std::visit"),
    (r"\busing\s+namespace\b", "src include tests", "name what you use"),
    # Its return leaves an expression half evaluated: g++ does not destroy what the rest of it had made.
    (r"[,({]\s*\.\w+\s*=\s*KSV_TRY\(|,\s*KSV_TRY\(|\w\{KSV_TRY\(", "src include", "a statement of its own before"),
    (r"\bdynamic_cast\b", "src include", "a virtual function or a variant"),
    (r"\bconst_cast\b", "src include tests", "const that is true"),
    (r"\bgoto\b", "src include tests", "a function"),
    (r"\bassert\s*\(", "src include", "KSV_ASSERT"),
    (r"\b(std::cout|std::cerr|std::endl)\b", "src include", "the session's output"),
    (r"\b(printf|puts|putchar)\s*\(", "src include", "the session's output"),
    (r"\b(sprintf|strcpy|strcat|gets|alloca)\s*\(", "src include tests", "std::string or fmt::format"),
    (r"\bFMT_HEADER_ONLY\b", "src include tests", "link ksv_base"),
    (r"(?<!std::)\brand\s*\(|\bstd::rand\b", "src include tests", "Env"),
    (r"\bgetenv\s*\(", "src include", "Env"),
    (r"\b(system_clock|steady_clock)::now\b", "src include", "Env"),
    (r"\bsleep_(for|until)\b", "src include", "Env"),
    (r"\bdelete\s+\w|\bdelete\[\]|\bmalloc\s*\(|\bfree\s*\(", "src include", "an owner that frees"),
    (r"\bdoctest::skip\b|\bshould_fail\b", "tests", "mend the test"),
    (r"^\s*#\s*(pragma\s+GCC\s+diagnostic|pragma\s+clang)", "src include tests", "code that does not warn"),
]

# The few places that a rule does not bind: file, the banned expression's beginning, why.
ALLOWED = [
    (r"src/base/real_\w+\.cpp", r"\bgetenv", "it is the Env"),
    (r"src/base/real_\w+\.cpp", r"\b(system_clock", "it is the Env"),
    (r"src/base/real_\w+\.cpp", r"\bsleep_", "it is the Env"),
    (r"include/ksv/value\.h", r"\bdelete", "a node goes with its last reference"),
    (r"src/expr/nodes\.cpp", r"\bconst_cast", "a function that names itself is counted once more, not changed"),
    (r"src/expr/stack\.cpp", r"\bconst_cast", "pthread_create takes its argument as void*"),
    (r"src/cli/(parse|main)\.cpp", r"\b(try|catch)", "CLI11 throws; main has the last catch"),
]

LINES_MAX = 450
LINES_MAX_PATHS = re.compile(r"(src|include|tests|scripts)/.*\.(cpp|h|py|sh|cmake)|.*CMakeLists\.txt|Makefile")

# Written so that this file does not say them itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
WORKPLACE = re.compile(
    r"(?<![\w.$}])/(work|farm|root)/|/home/[a-z]|/tmp/b[-]|\.lib" r"rary\b|\bdebian[.]org|\bnpmjs\b|\bpypi[.]org|"
    r"\bproxy\.golang\b|\bmaven\.org|\bclojars[.]org", re.IGNORECASE)
