// Options of a store's address, as the backends over a network read them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv {

// Works on options that must outlive it. All errors are kUsage and name the option.
class OptionReader {
 public:
  explicit OptionReader(const std::map<std::string, std::string>& options) : options_(options) {}

  bool has(const std::string& name) const { return options_.find(name) != options_.end(); }
  // Empty without the option.
  std::string text(const std::string& name) const;
  // Text that goes into a header: without control characters.
  Result<std::string> header_text(const std::string& name) const;
  // One of two words; nothing without the option.
  Result<std::optional<bool>> choice(const std::string& name, std::string_view yes,
                                     std::string_view no) const;
  Result<std::optional<bool>> flag(const std::string& name) const {
    return choice(name, "true", "false");
  }
  // "500ms", "5s", "5", as the command line writes it, and at least a millisecond; nothing without
  // the option.
  Result<std::optional<std::chrono::milliseconds>> time(const std::string& name) const;

 private:
  const std::map<std::string, std::string>& options_;
};

}  // namespace ksv
