// What the requests of one command took of DynamoDB's capacity, for --capacity.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "cli/session.h"

namespace ksv::cli {

OptionSpec capacity_option();

// Its methods may be called from several threads.
class CapacityMeter {
 public:
  CapacityMeter(Session& session, const Arguments& arguments)
      : session_(session), is_wanted_(arguments.has("capacity")) {}

  // What a request says of it; empty when nobody wants to know.
  std::string wish() const;
  // ConsumedCapacity of an answer: an object, an array of them, or nothing.
  void add(const std::string& json);
  // A line on standard error for each table, with the sums.
  void tell();

 private:
  Session& session_;
  bool is_wanted_;
  std::mutex mutex_;
  std::map<std::string, Value> sums_{};  // by table
};

}  // namespace ksv::cli
