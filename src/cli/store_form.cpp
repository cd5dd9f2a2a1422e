// Understanding the forms of STORE.
#include "cli/store_form.h"

#include <array>
#include <utility>

#include "cli/backend_option.h"
#include "cli/config_map.h"
#include "cli/dynamo_form.h"
#include "cli/etcd_form.h"
#include "cli/input.h"
#include "cli/profile.h"
#include "cli/s3_form.h"

#include "codec/edn.h"
#include "net/url.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

StoreSpec file_store(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  StoreSpec spec;
  spec.address = {.backend = "file", .location = path, .text = path};
  return spec;
}

// "a=1&b=2" after a "?".
Status apply_query(StoreSpec& spec, std::string_view query) {
  const net::Query pairs = KSV_TRY(net::parse_query(query));
  for (const auto& [name, value] : pairs) KSV_CHECK(apply_store_option(spec, name, value));
  return ok();
}

Result<StoreSpec> file_url(std::string_view rest) {
  const auto query = rest.find('?');
  if (rest.substr(0, query).empty()) {
    return Error(ErrorCode::kUsage, "file: needs a path").with_hint("Write file:/path/to/store");
  }
  StoreSpec spec = file_store(std::string(rest.substr(0, query)));
  if (query != std::string_view::npos) KSV_CHECK(apply_query(spec, rest.substr(query + 1)));
  return spec;
}

// How a form came in: what is on the command line is seen by every user of the machine.
enum class Source { kCommandLine, kFile, kProfile };

Result<StoreSpec> parse_form(const std::string& form, Source source, Env& env);

void warn_of_secret(StoreSpec& spec, Source source) {
  if (source != Source::kCommandLine || !(spec.encoding.key || holds_secret(spec.address))) return;
  spec.warnings.push_back(
      "a secret on the command line can be seen by others; put the store into a file and name it "
      "@FILE");
}

// The URLs of backends over a network: SCHEME://PLACE?OPTIONS.
struct Scheme {
  std::string_view prefix;
  Result<StoreSpec> (*store)(std::string_view place);
};
constexpr std::array kSchemes = {Scheme{"s3://", s3_store}, Scheme{"etcd://", etcd_store},
                                 Scheme{"dynamodb://", dynamo_store}};

Result<StoreSpec> network_url(const Scheme& scheme, std::string_view rest, Source source) {
  const auto question = std::min(rest.find('?'), rest.size());
  StoreSpec spec = KSV_TRY(scheme.store(rest.substr(0, question)));
  KSV_CHECK(apply_query(spec, rest.substr(std::min(question + 1, rest.size()))));
  warn_of_secret(spec, source);
  return spec;
}

Result<StoreSpec> named_file(const std::string& path, Env& env) {
  const auto content = KSV_TRY(read_file(env, path, kFormBytesMax));
  if (!content) return Error(ErrorCode::kUsage, "@" + path + ": there is no such file");
  const std::string form = trimmed(text_of(*content));
  if (form.starts_with('@')) {
    return Error(ErrorCode::kUsage, "@" + path + ": holds another @FILE; name the store itself");
  }
  auto spec = parse_form(form, Source::kFile, env);
  if (!spec.has_value()) return std::move(spec).error().with_context("@" + path);
  return spec;
}

Result<Value> key_from_file(const std::string& path, Env& env) {
  const auto content = KSV_TRY(read_file(env, path, kFormBytesMax));
  if (!content) return Error(ErrorCode::kUsage, path + ": there is no such file");
  auto key = read_edn(text_of(*content));
  // The text of the mistake could show a part of the key.
  if (!key.has_value()) return Error(ErrorCode::kUsage, path + ": does not hold one EDN value");
  return key;
}

Result<StoreSpec> profile(const std::string& name, Env& env) {
  const Configuration configuration = KSV_TRY(read_configuration(env));
  const auto found = configuration.stores.find(name);
  if (found == configuration.stores.end()) {
    return Error(ErrorCode::kUsage, "no profile \"" + name + "\" in " + configuration_path(env))
        .with_hint("A path begins with / or ./; ksv help stores shows every form");
  }
  const auto& options = found->second;
  const auto form = options.find("store");
  if (form == options.end()) {
    return Error(ErrorCode::kUsage, "profile \"" + name + "\" names no store")
        .with_hint("Add a line store = \"...\" to [stores." + name + "] in " +
                   configuration_path(env));
  }
  StoreSpec spec = KSV_TRY(parse_form(form->second, Source::kProfile, env));
  for (const auto& [key, text] : options) {
    if (key == "store") continue;
    if (key == "key-file") {
      spec.encoding.key = KSV_TRY(key_from_file(text, env));
      continue;
    }
    auto applied = apply_store_option(spec, key, text);
    if (!applied.has_value()) {
      return std::move(applied).error().with_context("profile \"" + name + "\"");
    }
  }
  return spec;
}

Result<StoreSpec> parse_form(const std::string& form, Source source, Env& env) {
  if (form.starts_with('{')) {
    StoreSpec spec = KSV_TRY(parse_config_map(form));
    warn_of_secret(spec, source);
    return spec;
  }
  if (form == "memory:") {
    StoreSpec spec;
    spec.address = {.backend = "memory", .text = form};
    return spec;
  }
  if (form.starts_with("file:")) return file_url(std::string_view(form).substr(5));
  for (const Scheme& scheme : kSchemes) {
    if (!form.starts_with(scheme.prefix)) continue;
    return network_url(scheme, std::string_view(form).substr(scheme.prefix.size()), source);
  }
  if (form.starts_with('/') || form.starts_with("./") || form.starts_with("../") || form == "." ||
      form == "..") {
    return file_store(form);
  }
  if (form.starts_with('@') && source == Source::kCommandLine) {
    return named_file(form.substr(1), env);
  }
  if (form.empty() || source == Source::kProfile || form.find_first_of("/: \n") < form.size()) {
    return Error(ErrorCode::kUsage, "\"" + form + "\" is not a store")
        .with_hint("A path begins with / or ./; ksv help stores shows every form");
  }
  return profile(form, env);
}

Result<std::string> data_home(Env& env) {
  // Relative values of XDG variables are to be ignored (XDG Base Directory Specification).
  if (const auto home = env.variable("XDG_DATA_HOME"); home && home->starts_with('/')) {
    return *home + "/ksv";
  }
  if (const auto home = env.variable("HOME"); home && !home->empty()) {
    return *home + "/.local/share/ksv";
  }
  return Error(ErrorCode::kUsage, "there is no HOME, so there is no default store")
      .with_hint("Name a store with --store");
}

}  // namespace

Result<StoreSpec> parse_store_form(std::string_view form, Env& env) {
  return parse_form(std::string(form), Source::kCommandLine, env);
}

Result<std::string> default_root(Env& env) { return data_home(env); }

Result<StoreSpec> default_store(Env& env) {
  const Configuration configuration = KSV_TRY(read_configuration(env));
  if (configuration.default_store) {
    return parse_form(*configuration.default_store, Source::kFile, env);
  }
  return file_store(KSV_TRY(data_home(env)) + "/default");
}

}  // namespace ksv::cli
