// A DynamoDB in memory: one table of konserve's layout, and a way to it that loses what a test
// wants lost.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "ksv/http.h"

namespace ksv::testing {

class FakeDynamo final : public Http {
 public:
  HttpOutcome exchange(const HttpRequest& request) override;

  // Looks at each request before the table does; an outcome takes the place of its answer.
  std::function<std::optional<HttpOutcome>(const std::string& operation)> way_there;
  // Looks at each answer after the table has done its part.
  std::function<std::optional<HttpOutcome>(const std::string& operation)> way_back;

  std::map<std::string, std::string> items;  // by key, as JSON
  bool has_table = true;
  std::map<std::string, int> asked;  // operations, how often

 private:
  HttpAnswer answer(const std::string& operation, const std::string& body);
  HttpAnswer write(const std::string& operation, const std::string& body);
  HttpAnswer transact(const std::string& body);
  HttpAnswer batch_get(const std::string& body);
};

}  // namespace ksv::testing
