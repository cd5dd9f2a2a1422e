// A tree of XML elements out of pugixml. The only owner of its header.
#include "base/xml.h"

#include <fmt/format.h>
#include <pugixml.hpp>

namespace ksv {
namespace {

// A page of 1000 listed objects has about 500 kB.
constexpr std::size_t kXmlBytesMax = std::size_t{64} << 20;
// S3's and STS's answers nest 6 deep.
constexpr int kXmlDepthMax = 64;

Error damaged(std::string_view why) {
  return Error(ErrorCode::kCorrupt, fmt::format("the XML is damaged: {}", why));
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

// Walks pugixml's tree, which has parents and siblings, without recursion.
class XmlBuilder {
 public:
  static Result<XmlNode> build(const pugi::xml_node& root) {
    XmlNode top;
    top.name_ = local_name(root.name());
    std::vector<XmlNode*> open{&top};
    pugi::xml_node at = root.first_child();
    pugi::xml_node parent = root;
    for (;;) {
      if (!at) {
        if (parent == root) return top;
        open.pop_back();
        at = parent.next_sibling();
        parent = parent.parent();
        continue;
      }
      if (at.type() != pugi::node_element) {
        open.back()->text_.append(at.value());
        at = at.next_sibling();
        continue;
      }
      if (open.size() >= kXmlDepthMax) return damaged("it is nested too deeply");
      open.back()->children_.emplace_back();
      // Later children move the earlier ones, but never one that is still open.
      XmlNode* node = &open.back()->children_.back();
      node->name_ = local_name(at.name());
      open.push_back(node);
      parent = at;
      at = at.first_child();
    }
  }
};

std::vector<const XmlNode*> XmlNode::children(std::string_view name) const {
  std::vector<const XmlNode*> found;
  for (const XmlNode& node : children_) {
    if (node.name_ == name) found.push_back(&node);
  }
  return found;
}

const XmlNode* XmlNode::child(std::string_view name) const {
  for (const XmlNode& node : children_) {
    if (node.name_ == name) return &node;
  }
  return nullptr;
}

std::string_view XmlNode::text_of(std::string_view name) const {
  const XmlNode* node = child(name);
  return node == nullptr ? std::string_view() : std::string_view(node->text_);
}

Result<XmlNode> parse_xml(BytesView bytes) {
  if (bytes.size() > kXmlBytesMax) return damaged("it is too large");
  pugi::xml_document document;
  // Without parse_doctype a document type is passed over; so it is asked for, in order to refuse
  // it.
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                               pugi::parse_ws_pcdata_single | pugi::parse_doctype;
  const pugi::xml_parse_result parsed =
      document.load_buffer(bytes.data(), bytes.size(), options, pugi::encoding_utf8);
  if (!parsed) return damaged(parsed.description());
  pugi::xml_node root;
  for (const pugi::xml_node& node : document.children()) {
    if (node.type() == pugi::node_doctype) return damaged("it has a document type");
    if (node.type() != pugi::node_element) continue;
    if (root) return damaged("it has more than one root element");
    root = node;
  }
  if (!root) return damaged("it has no root element");
  return XmlBuilder::build(root);
}

std::string xml_escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': escaped.append("&amp;"); break;
      case '<': escaped.append("&lt;"); break;
      case '>': escaped.append("&gt;"); break;
      case '"': escaped.append("&quot;"); break;
      case '\'': escaped.append("&apos;"); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          escaped.append(fmt::format("&#{};", static_cast<int>(c)));
        } else {
          escaped.push_back(c);
        }
    }
  }
  return escaped;
}

}  // namespace ksv
