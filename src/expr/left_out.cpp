// Names of Clojure that the language leaves out, and what to use in their place.
#include "expr/left_out.h"

namespace ksv::expr {
namespace {

constexpr std::string_view kPure =
    "an update function has no effects, as it may run again after a lost race";
constexpr std::string_view kRandom =
    "an update function gives the same result each time, as it may run again after a lost race";
constexpr std::string_view kTime =
    "an update function does not know the time; pass it as an argument";
constexpr std::string_view kEager = "sequences are not lazy here; leave it out";
constexpr std::string_view kEndless = "endless sequences are limited to (range) and (repeat x)";
constexpr std::string_view kJava = "there are no Java objects here";
constexpr std::string_view kState = "there is no mutable state; use loop or reduce";
constexpr std::string_view kNames = "there are no namespaces or vars; use let or fn";
constexpr std::string_view kCode = "there are no macros or code as data; use fn";
constexpr std::string_view kErrors = "errors end the function and leave the value as it was; use if or cond";
constexpr std::string_view kInto = "use (into [] xform coll)";

constexpr LeftOut kNamesLeftOut[] = {
    // Effects.
    {"println", kPure}, {"print", kPure}, {"prn", kPure}, {"pr", kPure}, {"printf", kPure},
    {"newline", kPure}, {"flush", kPure}, {"tap>", kPure}, {"slurp", kPure}, {"spit", kPure},
    {"read", kPure}, {"read-line", kPure}, {"load-string", kPure}, {"load-file", kPure},
    {"eval", kCode}, {"future", kPure}, {"promise", kPure}, {"deliver", kPure}, {"agent", kPure},
    {"send", kPure}, {"pmap", "use map"}, {"time", kTime}, {"inst-ms", "compare instants with compare"},
    {"rand", kRandom}, {"rand-int", kRandom}, {"rand-nth", kRandom}, {"shuffle", kRandom},
    {"random-sample", kRandom}, {"random-uuid", kRandom}, {"gensym", kRandom},
    {"run!", "an update function has no effects; use reduce or mapv"},
    {"doseq", "an update function has no effects; use for or reduce"},
    {"dotimes", "an update function has no effects; use (for [i (range n)] ...) or reduce"},
    {"while", "an update function has no effects; use loop"},
    {"doto", "an update function has no effects; use ->"},
    // Mutable state.
    {"atom", kState}, {"swap!", kState}, {"reset!", kState}, {"deref", kState}, {"ref", kState},
    {"volatile!", kState}, {"vswap!", kState}, {"vreset!", kState}, {"transient", "collections are edited in place where nobody sees it; use conj, assoc and their like"},
    {"persistent!", "use conj, assoc and their like"}, {"conj!", "use conj"},
    {"assoc!", "use assoc"}, {"dissoc!", "use dissoc"}, {"disj!", "use disj"}, {"pop!", "use pop"},
    {"delay", kState}, {"force", kState}, {"memoize", "use the function itself"},
    // Laziness and endless sequences.
    {"lazy-seq", kEager}, {"lazy-cat", "use concat"}, {"doall", kEager}, {"dorun", kEager},
    {"realized?", kEager}, {"iterate", "endless sequences are limited to (range) and (repeat x); use (reductions (fn [x _] (f x)) x (range n))"},
    {"cycle", "endless sequences are limited to (range) and (repeat x); use (apply concat (repeat n coll))"},
    {"repeatedly", "endless sequences are limited to (range) and (repeat x); use (mapv (fn [_] ...) (range n))"},
    {"iteration", kEndless}, {"line-seq", kPure}, {"file-seq", kPure},
    {"tree-seq", "use a named fn that calls itself"}, {"xml-seq", kPure},
    {"transduce", "use (reduce f init (into [] xform coll))"}, {"sequence", kInto},
    {"eduction", kInto}, {"completing", kInto}, {"cat", "use (mapcat identity)"},
    {"halt-when", "use take-while"}, {"ensure-reduced", "use reduced"},
    {"chunk", kEager}, {"seque", kEager},
    // Functions with a near relation.
    {"every-pred", "use #(and (f %) (g %))"}, {"some-fn", "use #(or (f %) (g %))"},
    {"list*", "use cons"}, {"rseq", "use reverse"}, {"ffirst", "use (first (first x))"},
    {"fnext", "use second"}, {"nfirst", "use (next (first x))"}, {"nnext", "use (next (next x))"},
    {"nthrest", "use drop"}, {"nthnext", "use (seq (drop n coll))"},
    {"take-nth", "use (map first (partition-all n coll))"},
    {"distinct?", "use (= (count (set coll)) (count coll))"}, {"identical?", "use ="},
    {"array-map", "use hash-map or a literal"}, {"sorted-map-by", "use sort-by"},
    {"sorted-set-by", "use sort-by"}, {"subseq", "use filter"}, {"rsubseq", "use filter"},
    {"vector-of", "use vector"}, {"biginteger", "use bigint"}, {"num", "use identity"},
    {"short", "use int"}, {"byte", "use int"}, {"unchecked-inc", "use inc"},
    {"unchecked-dec", "use dec"}, {"unchecked-add", "use +"}, {"unchecked-subtract", "use -"},
    {"unchecked-multiply", "use *"}, {"unchecked-negate", "use -"}, {"unchecked-int", "use int"},
    {"unchecked-long", "use long"}, {"find-keyword", "use keyword"}, {"prn-str", "use (str (pr-str x) \"\\n\")"},
    {"print-str", "use str"}, {"println-str", "use (str x \"\\n\")"},
    {"reversible?", "use vector?"}, {"indexed?", "use vector?"}, {"any?", "use (constantly true)"},
    {"when-first", "use (when-let [[x] (seq coll)] ...)"}, {"letfn", "use (let [f (fn f [...] ...)] ...)"},
    {"trampoline", "use loop and recur"}, {"replace", "use (map #(get smap % %) coll), or str/replace"},
    {"partitionv", "use (mapv vec (partition n coll))"}, {"splitv-at", "use split-at"},
    {"bounded-count", "use count"}, {"mapv-indexed", "use (vec (map-indexed f coll))"},
    {"re-matcher", "use re-find or re-seq"}, {"re-groups", "use re-find"},
    {"hash", "a hash is not the same from one version to the next; use the value itself"},
    {"comparator", "use (fn [a b] (compare a b))"}, {"rational", "use rationalize"},
    {"meta", "values have no metadata here"}, {"with-meta", "values have no metadata here"},
    {"vary-meta", "values have no metadata here"}, {"test", kNames}, {"char-escape-string", "use pr-str"},
    {"str/escape", "use (str/replace s #\"[...]\" {\"<\" \"&lt;\"})"},
    {"str/re-quote-replacement", "use a function as the replacement: (constantly s)"},
    {"set/rename", "use (set (map #(set/rename-keys % kmap) xrel))"},
    {"uri?", "use (not (string? x))"}, {"bytes?", "use seqable?"}, {"delay?", kState},
    {"special-symbol?", kCode}, {"var?", kNames}, {"class?", kJava}, {"record?", "use map?"},
    {"bytes", kJava}, {"floats", kJava}, {"ints", kJava}, {"longs", kJava}, {"doubles", kJava},
    {"array", kJava}, {"aget", "use nth"}, {"aset", "use assoc"}, {"alength", "use count"},
    {"to-array", "use vec"}, {"into-array", "use vec"}, {"int-array", "use vec"},
    {"long-array", "use vec"}, {"double-array", "use vec"}, {"object-array", "use vec"},
    {"byte-array", "use vec"}, {"make-array", "use vec"}, {"areduce", "use reduce"}, {"amap", "use mapv"},
    {"parse-int", "use parse-long"},
    // Errors.
    {"throw", kErrors}, {"try", kErrors}, {"catch", kErrors}, {"finally", kErrors},
    {"ex-info", kErrors}, {"ex-data", kErrors}, {"ex-message", kErrors}, {"assert", "use the :pre of a fn, or if"},
    // Code, names, Java.
    {"def", kNames}, {"defn", "use fn"}, {"defn-", "use fn"}, {"defmacro", kCode}, {"defonce", kNames},
    {"declare", kNames}, {"defmulti", "use case or cond"}, {"defmethod", "use case or cond"},
    {"defprotocol", kJava}, {"defrecord", "use maps"}, {"deftype", kJava}, {"reify", kJava},
    {"proxy", kJava}, {"extend-type", kJava}, {"instance?", "use string?, map? and their like"},
    {"class", "use string?, map? and their like"}, {"type", "use string?, map? and their like"},
    {"satisfies?", kJava}, {"isa?", kNames}, {"derive", kNames}, {"new", kJava}, {".", kJava},
    {"..", kJava}, {"bean", kJava}, {"memfn", "use fn"}, {"set!", kState}, {"var", kNames},
    {"ns", kNames}, {"require", kNames}, {"use", kNames}, {"import", kNames}, {"in-ns", kNames},
    {"resolve", kNames}, {"find-var", kNames}, {"binding", "use let"}, {"with-redefs", "use let"},
    {"with-open", kPure}, {"with-out-str", kPure}, {"with-local-vars", kState}, {"locking", kPure},
    {"monitor-enter", kPure}, {"dosync", kPure}, {"macroexpand", kCode}, {"macroexpand-1", kCode},
    {"unquote", "~ has a meaning only inside `"}, {"unquote-splicing", "~@ has a meaning only inside `"},
    {"fn*", "use fn"}, {"let*", "use let"}, {"loop*", "use loop"}, {"letfn*", "use let"},
    {"case*", "use case"}, {"comment", "use #_"}, {"defstruct", "use maps"}, {"struct", "use maps"},
    {"&", "it stands before the last parameter"},
    {"*1", kNames}, {"*ns*", kNames}, {"*clojure-version*", kNames}, {"*out*", kPure}, {"*in*", kPure},
};

}  // namespace

std::span<const LeftOut> left_out_names() { return kNamesLeftOut; }

}  // namespace ksv::expr
