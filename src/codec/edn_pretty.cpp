// Prints values over several lines, for people: what fits on a line stays on it.
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "codec/edn.h"
#include "codec/edn_printer.h"

namespace ksv {

namespace {

// What fits is tried flat first; a try stops at the width, so each level of nesting costs at most
// one line more.
class PrettyPrinter {
 public:
  explicit PrettyPrinter(std::size_t width) : width_(width) {}

  // `reserved`: columns that closing brackets will take after the value on its last line.
  void print(const Value& value, std::size_t reserved) {
    if (print_flat(value, reserved)) return;
    const std::optional<EdnShape> shape = edn_shape(value);
    if (!shape) {
      print_edn(value, text_);
      return;
    }
    text_ += shape->open;
    const std::size_t closing = reserved + shape->close.size();
    if (shape->inner != nullptr) {
      print(*shape->inner, closing);
    } else if (shape->pairs) {
      print_pairs(*shape->table, closing);
    } else {
      print_children(*shape, closing);
    }
    text_ += shape->close;
  }

  std::string take() { return std::move(text_); }

 private:
  // In characters, from 0.
  std::size_t column() const {
    const std::size_t line_end = text_.rfind('\n');
    const auto begin =
        text_.begin() +
        (line_end == std::string::npos ? 0 : static_cast<std::ptrdiff_t>(line_end) + 1);
    const auto starts_char = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(begin, text_.end(), starts_char));
  }

  bool print_flat(const Value& value, std::size_t reserved) {
    const std::size_t used = std::min(column() + reserved, width_);
    std::string flat;
    EdnPrinter printer(flat, width_ - used);
    printer.print(value);
    if (printer.is_cut()) return false;
    text_ += flat;
    return true;
  }

  void start_line(std::size_t indent) {
    text_ += '\n';
    text_.append(indent, ' ');
  }

  void print_children(const EdnShape& shape, std::size_t closing) {
    const std::size_t indent = column();
    std::size_t left = (shape.first != nullptr ? 1 : 0) +
                       (shape.items != nullptr ? shape.items->size() : 0) +
                       (shape.table != nullptr ? shape.table->size() : 0);
    bool first = true;
    const auto child = [&](const Value& value) {
      if (!first) start_line(indent);
      first = false;
      print(value, --left == 0 ? closing : 0);
    };
    if (shape.first != nullptr) child(*shape.first);
    if (shape.items != nullptr) std::for_each(shape.items->begin(), shape.items->end(), child);
    if (shape.table == nullptr) return;
    for (const Table::Entry& entry : *shape.table) child(entry.key);
  }

  void print_pairs(const Table& table, std::size_t closing) {
    const std::size_t indent = column();
    for (std::size_t i = 0; i < table.size(); ++i) {
      const bool last = i + 1 == table.size();
      if (i > 0) start_line(indent);
      print(table[i].key, 0);
      print_value_of_pair(table[i].value, indent, last ? closing : 1);
      if (!last) text_ += ',';
    }
  }

  // Behind the key, or on a line of its own where that gives it much more room.
  void print_value_of_pair(const Value& value, std::size_t indent, std::size_t reserved) {
    text_ += ' ';
    if (print_flat(value, reserved)) return;
    if (edn_shape(value) && column() > std::max(indent + 2, width_ / 2)) {
      text_.pop_back();
      start_line(indent + 1);
    }
    print(value, reserved);
  }

  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string print_edn_pretty(const Value& value, std::size_t width) {
  PrettyPrinter printer(width);
  printer.print(value, 0);
  return printer.take();
}

}  // namespace ksv
