// Values: construction, access, and editing with copy on write.
#include "ksv/value.h"

#include <algorithm>

namespace ksv {
namespace {

using detail::Node;

template <typename T>
struct Box : Node {
  explicit Box(T c) : content(std::move(c)) { depth = 0; }
  T content;
};

struct ItemsNode : Node {
  explicit ItemsNode(Values i) : items(std::move(i)) {
    for (const Value& item : items) depth = std::max(depth, item.depth() + 1);
  }
  Values items;
};

struct TableNode : Node {
  explicit TableNode(Table t) : table(std::move(t)) {
    for (const Table::Entry& entry : table) {
      depth = std::max({depth, entry.key.depth() + 1, entry.value.depth() + 1});
    }
  }
  Table table;
};

struct ArrayNode : ItemsNode {
  ArrayNode(ArrayKind k, Values i) : ItemsNode(std::move(i)), kind(k) {}
  ArrayKind kind;
};

struct TagNode : Node {
  TagNode(Name t, Value f) : tag(std::move(t)), form(std::move(f)) { depth = form.depth() + 1; }
  Name tag;
  Value form;
};

struct StructNode : ItemsNode {
  StructNode(Value t, Values f) : ItemsNode(std::move(f)), tag(std::move(t)) {
    depth = std::max(depth, tag.depth() + 1);
  }
  Value tag;
};

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kNil: return "nil";
    case Kind::kBoolean: return "boolean";
    case Kind::kLong: return "integer";
    case Kind::kBigInt: return "bigint";
    case Kind::kDouble: return "double";
    case Kind::kFloat: return "float";
    case Kind::kDecimal: return "decimal";
    case Kind::kRatio: return "ratio";
    case Kind::kChar: return "character";
    case Kind::kString: return "string";
    case Kind::kSymbol: return "symbol";
    case Kind::kKeyword: return "keyword";
    case Kind::kInst: return "instant";
    case Kind::kUuid: return "uuid";
    case Kind::kBytes: return "byte string";
    case Kind::kRegex: return "regex";
    case Kind::kUri: return "uri";
    case Kind::kList: return "list";
    case Kind::kVector: return "vector";
    case Kind::kSeq: return "list";
    case Kind::kMap: return "map";
    case Kind::kSet: return "set";
    case Kind::kArray: return "array";
    case Kind::kRecord: return "record";
    case Kind::kTagged: return "tagged element";
    case Kind::kStruct: return "struct";
    case Kind::kFunction: return "function";
  }
  return "value";
}

std::string kind_phrase(Kind kind) {
  const std::string_view name = kind_name(kind);
  if (kind == Kind::kNil) return std::string(name);
  const bool vowel = name[0] == 'a' || name[0] == 'i';  // "a uri", "a uuid"
  return (vowel ? "an " : "a ") + std::string(name);
}

Value Value::boolean(bool value) { return {Kind::kBoolean, std::int64_t{value}}; }
Value Value::integer(std::int64_t value) { return {Kind::kLong, value}; }
Value Value::bigint(BigInteger value) {
  return {Kind::kBigInt, new Box<BigInteger>(std::move(value))};
}
Value Value::real(double value) {
  Value result{Kind::kDouble, std::int64_t{0}};
  result.double_ = value;
  return result;
}
Value Value::real32(float value) {
  Value result{Kind::kFloat, std::int64_t{0}};
  result.float_ = value;
  return result;
}
Value Value::decimal(Decimal value) { return {Kind::kDecimal, new Box<Decimal>(std::move(value))}; }
Value Value::ratio(Ratio value) { return {Kind::kRatio, new Box<Ratio>(std::move(value))}; }
Value Value::character(std::uint16_t unit) { return {Kind::kChar, std::int64_t{unit}}; }
Value Value::string(std::string text) {
  return {Kind::kString, new Box<std::string>(std::move(text))};
}
Value Value::symbol(Name name) { return {Kind::kSymbol, new Box<Name>(std::move(name))}; }
Value Value::keyword(Name name) { return {Kind::kKeyword, new Box<Name>(std::move(name))}; }
Value Value::inst(std::int64_t milliseconds) { return {Kind::kInst, milliseconds}; }
Value Value::uuid(const Uuid& uuid) { return {Kind::kUuid, new Box<Uuid>(uuid)}; }
Value Value::bytes(Bytes bytes) { return {Kind::kBytes, new Box<Bytes>(std::move(bytes))}; }
Value Value::regex(std::string source) {
  return {Kind::kRegex, new Box<std::string>(std::move(source))};
}
Value Value::uri(std::string text) { return {Kind::kUri, new Box<std::string>(std::move(text))}; }
Value Value::list(Values items) { return {Kind::kList, new ItemsNode(std::move(items))}; }
Value Value::vector(Values items) { return {Kind::kVector, new ItemsNode(std::move(items))}; }
Value Value::seq(Values items) { return {Kind::kSeq, new ItemsNode(std::move(items))}; }

Value Value::map(std::initializer_list<std::pair<Value, Value>> entries) {
  Table table;
  for (const auto& [key, value] : entries) table.put(key, value);
  return map(std::move(table));
}
Value Value::map(Table entries) { return {Kind::kMap, new TableNode(std::move(entries))}; }
Value Value::set(Values elements) {
  Table table;
  for (Value& element : elements) table.put(std::move(element), Value());
  return set(std::move(table));
}
Value Value::set(Table elements) { return {Kind::kSet, new TableNode(std::move(elements))}; }
Value Value::array(ArrayKind kind, Values elements) {
  return {Kind::kArray, new ArrayNode(kind, std::move(elements))};
}
Value Value::record(Name tag, Value fields) {
  KSV_ASSERT(fields.is(Kind::kMap));
  return {Kind::kRecord, new TagNode(std::move(tag), std::move(fields))};
}
Value Value::tagged(Name tag, Value form) {
  return {Kind::kTagged, new TagNode(std::move(tag), std::move(form))};
}
Value Value::structure(Value tag, Values fields) {
  return {Kind::kStruct, new StructNode(std::move(tag), std::move(fields))};
}
Value Value::function(FunctionNode* adopted) { return {Kind::kFunction, adopted}; }

bool Value::as_boolean() const {
  KSV_ASSERT(is(Kind::kBoolean));
  return long_ != 0;
}
std::int64_t Value::as_long() const {
  KSV_ASSERT(is(Kind::kLong));
  return long_;
}
const BigInteger& Value::as_bigint() const {
  KSV_ASSERT(is(Kind::kBigInt));
  return node<Box<BigInteger>>().content;
}
double Value::as_double() const {
  KSV_ASSERT(is(Kind::kDouble));
  return double_;
}
float Value::as_float() const {
  KSV_ASSERT(is(Kind::kFloat));
  return float_;
}
const Decimal& Value::as_decimal() const {
  KSV_ASSERT(is(Kind::kDecimal));
  return node<Box<Decimal>>().content;
}
const Ratio& Value::as_ratio() const {
  KSV_ASSERT(is(Kind::kRatio));
  return node<Box<Ratio>>().content;
}
std::uint16_t Value::as_char() const {
  KSV_ASSERT(is(Kind::kChar));
  return static_cast<std::uint16_t>(long_);
}
const std::string& Value::as_string() const {
  KSV_ASSERT(is(Kind::kString) || is(Kind::kRegex) || is(Kind::kUri));
  return node<Box<std::string>>().content;
}
const Name& Value::as_name() const {
  KSV_ASSERT(is(Kind::kSymbol) || is(Kind::kKeyword));
  return node<Box<Name>>().content;
}
std::int64_t Value::as_inst() const {
  KSV_ASSERT(is(Kind::kInst));
  return long_;
}
const Uuid& Value::as_uuid() const {
  KSV_ASSERT(is(Kind::kUuid));
  return node<Box<Uuid>>().content;
}
const Bytes& Value::as_bytes() const {
  KSV_ASSERT(is(Kind::kBytes));
  return node<Box<Bytes>>().content;
}
const Values& Value::items() const {
  KSV_ASSERT(is_sequential() || is(Kind::kArray) || is(Kind::kStruct));
  return node<ItemsNode>().items;
}
const Table& Value::table() const {
  KSV_ASSERT(is(Kind::kMap) || is(Kind::kSet));
  return node<TableNode>().table;
}
ArrayKind Value::array_kind() const {
  KSV_ASSERT(is(Kind::kArray));
  return node<ArrayNode>().kind;
}
const Name& Value::tag() const {
  KSV_ASSERT(is(Kind::kRecord) || is(Kind::kTagged));
  return node<TagNode>().tag;
}
const Value& Value::form() const {
  KSV_ASSERT(is(Kind::kRecord) || is(Kind::kTagged));
  return node<TagNode>().form;
}
const Value& Value::struct_tag() const {
  KSV_ASSERT(is(Kind::kStruct));
  return node<StructNode>().tag;
}
const FunctionNode& Value::as_function() const {
  KSV_ASSERT(is(Kind::kFunction));
  return node<FunctionNode>();
}

template <typename NodeType>
NodeType& Value::own() {
  if (node_->references.load(std::memory_order_acquire) != 1) {
    auto* copy = new NodeType(node<NodeType>());
    release();
    node_ = copy;
  }
  return static_cast<NodeType&>(*node_);
}

Values Value::take_items() && {
  KSV_ASSERT(is_sequential());
  if (is_shared()) return items();
  return std::move(own<ItemsNode>().items);
}

Table Value::take_table() && {
  KSV_ASSERT(is(Kind::kMap) || is(Kind::kSet));
  if (is_shared()) return table();
  return std::move(own<TableNode>().table);
}

void Value::push_item(Value item) {
  KSV_ASSERT(is_sequential());
  auto& body = own<ItemsNode>();
  body.depth = std::max(body.depth, item.depth() + 1);
  body.items.push_back(std::move(item));
}

void Value::set_item(std::size_t index, Value item) {
  KSV_ASSERT(is_sequential() && index < items().size());
  auto& body = own<ItemsNode>();
  body.depth = std::max(body.depth, item.depth() + 1);
  body.items[index] = std::move(item);
}

void Value::pop_item() {
  KSV_ASSERT(is_sequential() && !items().empty());
  own<ItemsNode>().items.pop_back();
}

void Value::put(Value key, Value value) {
  KSV_ASSERT(is(Kind::kMap));
  auto& body = own<TableNode>();
  body.depth = std::max({body.depth, key.depth() + 1, value.depth() + 1});
  body.table.put(std::move(key), std::move(value));
}

bool Value::put_element(Value element) {
  KSV_ASSERT(is(Kind::kSet));
  auto& body = own<TableNode>();
  body.depth = std::max(body.depth, element.depth() + 1);
  return body.table.put(std::move(element), Value());
}

bool Value::erase(const Value& key) {
  KSV_ASSERT(is(Kind::kMap) || is(Kind::kSet));
  if (table().find(key) == nullptr) return false;
  return own<TableNode>().table.erase(key);
}

const Value* field(const Value& map, std::string_view keyword) {
  if (!map.is(Kind::kMap)) return nullptr;
  return map.table().value_of(Value::keyword(Name(std::string(keyword))));
}

}  // namespace ksv
