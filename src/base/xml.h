// XML text as a tree of its own, bounded in size and depth: answers of S3, STS and their like.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv {

// An element. Namespace prefixes, attributes, comments and processing instructions are left out;
// of the text, the parts between the children are joined.
class XmlNode {
 public:
  const std::string& name() const { return name_; }  // without its namespace prefix
  const std::string& text() const { return text_; }  // unescaped
  const std::vector<XmlNode>& children() const { return children_; }
  std::vector<const XmlNode*> children(std::string_view name) const;
  // The first child of that name; null when there is none.
  const XmlNode* child(std::string_view name) const;
  // Its text; empty when there is none.
  std::string_view text_of(std::string_view name) const;

 private:
  friend class XmlBuilder;
  std::string name_;
  std::string text_;
  std::vector<XmlNode> children_;
};

// The root element. kCorrupt when the text is no well-formed XML, has a document type (so no
// entities but the five that are predefined, and character references), is larger than 64 MiB, or
// is nested deeper than 64 elements.
Result<XmlNode> parse_xml(BytesView bytes);

// Escapes & < > " and ' for use as text or in an attribute; control characters become references.
std::string xml_escape(std::string_view text);

}  // namespace ksv
