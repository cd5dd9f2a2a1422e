// The reader of AWS's shared files.
#include "net/aws/profile_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "net/aws/small_file.h"

namespace ksv::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool is_blank(char c) { return kBlanks.find(c) != kBlanks.npos; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// A blank and then # or ; begin a comment; within a command they may be its own.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool sign = value[i] == '#' || value[i] == ';';
    if (sign && is_blank(value[i - 1])) return trimmed(value.substr(0, i));
  }
  return value;
}

class ProfileReader {
 public:
  ProfileReader(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  Result<std::vector<NamedSection>> read() {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    while (!text_.empty()) {
      const std::string_view line = text_.substr(0, text_.find('\n'));
      text_.remove_prefix(std::min(line.size() + 1, text_.size()));
      ++line_;
      KSV_CHECK(take_line(line));
    }
    return std::move(sections_);
  }

 private:
  Error damaged(const std::string& why) const {
    return Error(ErrorCode::kUsage, path_ + ", line " + std::to_string(line_) + ": " + why);
  }

  Status take_line(std::string_view line) {
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') return ok();
    if (is_blank(line.front())) return take_nested(content);
    if (content.front() == '[') return take_header(content);
    return take_setting(content);
  }

  // [default], [profile NAME], [profile "NAME"], [sso-session NAME], [services NAME].
  Status take_header(std::string_view content) {
    const auto end = content.find(']');
    if (end == content.npos) return damaged("a section's name has no end: ]");
    const std::string_view after = trimmed(content.substr(end + 1));
    if (!after.empty() && after.front() != '#' && after.front() != ';') {
      return damaged("text after a section's name");
    }
    const std::string_view inside = trimmed(content.substr(1, end - 1));
    const auto blank = inside.find_first_of(kBlanks);
    std::string_view name = inside;
    std::string kind;
    if (blank != inside.npos) {
      kind = inside.substr(0, blank);
      name = trimmed(inside.substr(blank));
    }
    if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
        name.back() == name.front()) {
      name = name.substr(1, name.size() - 2);
    }
    if (name.empty()) return damaged("a section without a name");
    sections_.push_back({std::move(kind), std::string(name), {}});
    parent_.clear();
    return ok();
  }

  Result<std::pair<std::string, std::string>> setting_of(std::string_view content) const {
    const auto equals = content.find('=');
    if (equals == content.npos) return damaged("not a setting (NAME = VALUE)");
    std::string name = lower_case(trimmed(content.substr(0, equals)));
    if (name.empty()) return damaged("a value without a name");
    std::string_view value = trimmed(content.substr(equals + 1));
    if (name != "credential_process") value = without_comment(value);
    return std::pair(std::move(name), std::string(value));
  }

  Status take_setting(std::string_view content) {
    if (sections_.empty()) return damaged("a setting before the first section ([NAME])");
    auto [name, value] = KSV_TRY(setting_of(content));
    sections_.back().values[name] = std::move(value);
    parent_ = std::move(name);
    return ok();
  }

  // An indented line: a setting of the group whose name has no value, or more of the value above.
  Status take_nested(std::string_view content) {
    if (sections_.empty() || parent_.empty())
      return damaged("an indented line with nothing above it");
    Section& values = sections_.back().values;
    const auto above = values.find(parent_);
    if (above != values.end() && !above->second.empty()) {
      above->second.append("\n").append(content);
      return ok();
    }
    auto [name, value] = KSV_TRY(setting_of(content));
    values[parent_ + "." + name] = std::move(value);
    return ok();
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t line_ = 0;
  std::vector<NamedSection> sections_;
  std::string parent_;
};

// The three belong together: a token of one file with a key of the other would be neither.
void drop_static_keys(Section& values) {
  for (const char* name : {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}) {
    values.erase(name);
  }
}

void merge(Section& into, Section values) {
  for (auto& [name, value] : values) into[name] = std::move(value);
}

void add_config(ProfileFiles& files, std::vector<NamedSection> sections) {
  // [profile default] goes before [default].
  const bool has_long_default =
      std::any_of(sections.begin(), sections.end(), [](const NamedSection& section) {
        return section.kind == "profile" && section.name == "default";
      });
  for (NamedSection& section : sections) {
    if (section.kind == "sso-session") {
      merge(files.sso_sessions[section.name], std::move(section.values));
    } else if (section.kind == "services") {
      merge(files.services[section.name], std::move(section.values));
    } else if (section.kind == "profile" ||
               (section.kind.empty() && section.name == "default" && !has_long_default)) {
      merge(files.profiles[section.name], std::move(section.values));
    }
  }
}

void add_credentials(ProfileFiles& files, std::vector<NamedSection> sections) {
  std::map<std::string, Section> own;
  for (NamedSection& section : sections) {
    // [my name] without quotes is one name here.
    const std::string name =
        section.kind.empty() ? section.name : section.kind + " " + section.name;
    merge(own[name], std::move(section.values));
  }
  for (auto& [name, values] : own) {
    Section& profile = files.profiles[name];
    if (values.contains("aws_access_key_id")) drop_static_keys(profile);
    merge(profile, std::move(values));
  }
}

// The file that the variable names, else the one in ~/.aws; empty without HOME.
std::string path_of(std::string_view variable, const char* name, Env& env) {
  if (auto given = env.variable(variable); given && !given->empty()) return *std::move(given);
  const auto home = env.variable("HOME");
  return home && !home->empty() ? *home + "/.aws/" + name : std::string();
}

Result<std::vector<NamedSection>> load(const std::string& path, Env& env) {
  if (path.empty()) return std::vector<NamedSection>();
  const auto text = KSV_TRY(read_small_file(path, env));
  if (!text) return std::vector<NamedSection>();
  return parse_profile_file(*text, path);
}

}  // namespace

Result<std::vector<NamedSection>> parse_profile_file(std::string_view text,
                                                     const std::string& path) {
  return ProfileReader(text, path).read();
}

Result<ProfileFiles> load_profile_files(Env& env) {
  ProfileFiles files;
  files.config_path = path_of("AWS_CONFIG_FILE", "config", env);
  files.credentials_path = path_of("AWS_SHARED_CREDENTIALS_FILE", "credentials", env);
  std::vector<NamedSection> config = KSV_TRY(load(files.config_path, env));
  std::vector<NamedSection> credentials = KSV_TRY(load(files.credentials_path, env));
  add_config(files, std::move(config));
  add_credentials(files, std::move(credentials));
  return files;
}

}  // namespace ksv::aws
