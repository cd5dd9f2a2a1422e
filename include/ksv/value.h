// The data model: EDN values, immutable to whoever shares them, with the few kinds that konserve
// stores hold beyond EDN. JSON is a view of it (codec/json_view.h).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/error.h"
#include "ksv/number.h"

namespace ksv {

enum class Kind : std::uint8_t {
  kNil,
  kBoolean,
  kLong,     // 64-bit integer
  kBigInt,   // integer of any size; 42N stays a bigint
  kDouble,   // IEEE 754 binary64
  kFloat,    // binary32; no EDN literal: #ksv/float "1.5"
  kDecimal,  // 1.50M
  kRatio,    // 1/3
  kChar,     // one UTF-16 code unit, as in Java
  kString,
  kSymbol,
  kKeyword,
  kInst,  // milliseconds since 1970-01-01 UTC
  kUuid,
  kBytes,     // #ksv/bytes "hex"
  kRegex,     // #ksv/regex "source"
  kUri,       // #ksv/uri "text"
  kList,      // (1 2)
  kVector,    // [1 2]
  kSeq,       // a plain list of Fressian, a java.util.List: #ksv/seq (1 2); equal to the list (1 2)
  kMap,       // {:a 1}
  kSet,       // #{1}
  kArray,     // a primitive or object array: #ksv/longs [...] and its like
  kRecord,    // #ksv/record [my.ns.Rec {...}]
  kTagged,    // an EDN tagged element whose tag ksv does not interpret: #my/tag form
  kStruct,    // a Fressian struct whose tag ksv does not interpret: #ksv/tagged ["tag" field ...]
  kFunction,  // exists only while an update function runs; no codec writes it
};

// The word for a kind in messages: "map", "string", "integer" ...
std::string_view kind_name(Kind kind);
// The word with its article: "a map", "an integer", "nil".
std::string kind_phrase(Kind kind);

// What a running update function remembers of how Clojure would hold a value: part of neither the
// value nor its equality, unseen by codecs, kNone outside of src/expr.
enum class Shape : std::uint8_t {
  kNone,
  kSeq,      // a list that is a sequence but no PersistentList: (cons 1 x), (seq [1])
  kLazy,     // the same, of a lazy sequence: (map inc x)
  kHead,     // a sequence whose rest may be lazy: (cons 1 (map inc x))
  kNext,     // what seq or next gives of these: perhaps a list
  kRest,     // what rest gives of these: perhaps lazy, perhaps a list
  kEntry,    // a vector that is an entry of a map
  kSorted,   // a map or set kept in the order of its keys
  kHashed,   // a map in the order of hashes, however small: (hash-map :b 1 :a 2)
  kOrdered,  // a map in the order in which it was made, however large: {:as m} of a sequence
  kBoxed,    // an integer that Java holds as Integer or BigInteger: (int 1), (numerator 1/2)
};

class Value;
class Table;
using Values = std::vector<Value>;

// The name of a symbol or keyword, without the colon.
struct Name {
  std::optional<std::string> ns;
  std::string name;

  Name(std::string n) : name(std::move(n)) {}
  Name(const char* n) : name(n) {}
  Name(std::optional<std::string> s, std::string n) : ns(std::move(s)), name(std::move(n)) {}

  std::string text() const { return ns ? *ns + "/" + name : name; }  // "ns/name" or "name"
  friend bool operator==(const Name&, const Name&) = default;
};

// The element type of a kArray.
enum class ArrayKind : std::uint8_t { kLongs, kDoubles, kBooleans, kInts, kFloats, kObjects };

namespace detail {

// The heap part of a value, shared by count. The count is atomic: values cross threads.
struct Node {
  Node() = default;
  Node(const Node& other) : depth(other.depth) {}
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  mutable std::atomic<std::uint32_t> references{1};
  std::uint32_t depth = 1;  // see Value::depth
};

}  // namespace detail

// What a kFunction value holds; the expression layer derives from it.
struct FunctionNode : detail::Node {};

// One EDN value. Sixteen bytes: a kind, and a scalar or a shared pointer. Copying shares. Editing a
// Value (push_item, put ...) copies first if the content is shared, so it never shows in another
// Value. Reading one Value from several threads is safe.
//
// Text is UTF-8; an unpaired UTF-16 surrogate, which Java strings may hold, is kept as the three
// bytes it would have as a code point.
class Value {
 public:
  Value() : kind_(Kind::kNil), long_(0) {}
  Value(const Value& other) : kind_(other.kind_), shape_(other.shape_), long_(other.long_) {
    retain();
  }
  Value(Value&& other) noexcept : kind_(other.kind_), shape_(other.shape_), long_(other.long_) {
    other.kind_ = Kind::kNil;
  }
  Value& operator=(Value other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(shape_, other.shape_);
    std::swap(long_, other.long_);
    return *this;
  }
  ~Value() { release(); }

  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value bigint(BigInteger value);
  static Value real(double value);
  static Value real32(float value);
  static Value decimal(Decimal value);
  static Value ratio(Ratio value);
  static Value character(std::uint16_t code_unit);
  static Value string(std::string text);
  static Value symbol(Name name);
  static Value keyword(Name name);
  static Value inst(std::int64_t milliseconds);
  static Value uuid(const Uuid& uuid);
  static Value bytes(Bytes bytes);
  static Value regex(std::string source);
  static Value uri(std::string text);
  static Value list(Values items);
  static Value vector(Values items);
  static Value seq(Values items);
  // Later entries with an equal key replace the value of the earlier one.
  static Value map(std::initializer_list<std::pair<Value, Value>> entries = {});
  static Value map(Table entries);
  static Value set(Values elements = {});
  static Value set(Table elements);
  static Value array(ArrayKind kind, Values elements);
  static Value record(Name tag, Value fields);       // fields: a map
  static Value tagged(Name tag, Value form);         // an EDN tagged element
  static Value structure(Value tag, Values fields);  // a Fressian struct
  static Value function(FunctionNode* adopted);      // takes over one reference

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_nil() const { return kind_ == Kind::kNil; }
  // Clojure's truth: everything but nil and false.
  bool is_truthy() const { return !is_nil() && !(kind_ == Kind::kBoolean && long_ == 0); }
  bool is_number() const { return kind_ >= Kind::kLong && kind_ <= Kind::kRatio; }
  // A list, vector or plain list: what Clojure calls sequential.
  bool is_sequential() const {
    return kind_ == Kind::kList || kind_ == Kind::kVector || kind_ == Kind::kSeq;
  }

  // The content. The kind must be the one named; anything else ends the process (KSV_ASSERT).
  bool as_boolean() const;
  std::int64_t as_long() const;
  const BigInteger& as_bigint() const;
  double as_double() const;
  float as_float() const;
  const Decimal& as_decimal() const;
  const Ratio& as_ratio() const;
  std::uint16_t as_char() const;
  const std::string& as_string() const;  // string, regex, uri
  const Name& as_name() const;           // symbol, keyword
  std::int64_t as_inst() const;
  const Uuid& as_uuid() const;
  const Bytes& as_bytes() const;
  const Values& items() const;   // list, vector, seq, array; the fields of a struct
  const Table& table() const;    // map (keys and values), set (keys)
  ArrayKind array_kind() const;  // array
  const Name& tag() const;       // record, tagged
  const Value& form() const;     // the fields map of a record, the form of a tagged element
  const Value& struct_tag() const;
  const FunctionNode& as_function() const;

  // How deep collections nest: 0 for a scalar, 1 for an empty collection. Never too low; may be too
  // high after an edit that took something out. Known without a walk. Whoever builds values from
  // outside data refuses more than limits::kDepthMax, so that recursion over a value is safe.
  std::uint32_t depth() const { return is_heap() ? node_->depth : 0; }

  Shape shape() const { return shape_; }
  void set_shape(Shape shape) { shape_ = shape; }
  // Whether an edit would copy the content first.
  bool is_shared() const {
    return is_heap() && node_->references.load(std::memory_order_acquire) != 1;
  }

  // The items (list, vector, seq) or the table (map, set): moved out where nobody else shares them,
  // else copied.
  Values take_items() &&;
  Table take_table() &&;

  // Edits, on this Value alone. list, vector, seq:
  void push_item(Value item);
  void set_item(std::size_t index, Value item);  // index < items().size()
  void pop_item();                               // the last; must not be empty
  // map:
  void put(Value key, Value value);
  // set: false if an equal element was there, which stays
  bool put_element(Value element);
  // map, set: false if there was none
  bool erase(const Value& key);

  // Clojure's `=`: 1 and 1N are equal, 1 and 1.0 are not, lists and vectors of equal items are.
  // Two further rules where Clojure would compare objects: byte strings and arrays are equal by
  // content, regular expressions by source.
  friend bool operator==(const Value& a, const Value& b) { return equal(a, b); }

 private:
  static bool equal(const Value& a, const Value& b);
  Value(Kind kind, std::int64_t scalar) : kind_(kind), long_(scalar) {}
  Value(Kind kind, detail::Node* adopted) : kind_(kind), node_(adopted) {}

  bool is_heap() const;
  void retain() const {
    if (is_heap()) node_->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    if (is_heap() && node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
  }
  template <typename NodeType>
  const NodeType& node() const {
    return static_cast<const NodeType&>(*node_);
  }
  template <typename NodeType>
  NodeType& own();  // the node, copied first if it is shared

  Kind kind_;
  Shape shape_ = Shape::kNone;
  union {
    std::int64_t long_;
    double double_;
    float float_;
    detail::Node* node_;
  };
};

inline bool Value::is_heap() const {
  switch (kind_) {
    case Kind::kNil:
    case Kind::kBoolean:
    case Kind::kLong:
    case Kind::kDouble:
    case Kind::kFloat:
    case Kind::kChar:
    case Kind::kInst: return false;
    default: return true;
  }
}

// Agrees with ==: equal values have equal hashes. Not stable between versions of ksv.
std::uint64_t hash_of(const Value& value);

// Keys and values in the order they were first put, with keys found by hash: the body of maps and
// sets (whose values are nil), and the way to build one. Printing and writing keep this order, so
// what was read is written back byte for byte.
class Table {
 public:
  struct Entry {
    Value key;
    Value value;
    std::uint64_t hash;
  };

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  std::vector<Entry>::const_iterator begin() const { return entries_.begin(); }
  std::vector<Entry>::const_iterator end() const { return entries_.end(); }
  const Entry& operator[](std::size_t index) const { return entries_[index]; }

  const Entry* find(const Value& key) const;
  // The value under `key`, or null.
  const Value* value_of(const Value& key) const {
    const Entry* entry = find(key);
    return entry == nullptr ? nullptr : &entry->value;
  }
  // False if an equal key was there: it stays, and its value is replaced.
  bool put(Value key, Value value);
  bool erase(const Value& key);
  void reserve(std::size_t count);

 private:
  std::size_t slot_for(std::uint64_t hash, const Value& key) const;
  void empty_slot(std::size_t gap);
  void rebuild_index();

  std::vector<Entry> entries_;
  // Open addressing: entry index + 1, or 0. Empty while the table is small enough to scan.
  std::vector<std::uint32_t> slots_;
};

// The value under a keyword of a map: `field(meta, "last-write")`. Null when absent or not a map.
const Value* field(const Value& map, std::string_view keyword);

}  // namespace ksv
