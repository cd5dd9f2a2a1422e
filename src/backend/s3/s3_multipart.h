// Multipart uploads: objects that are too large for one request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend/s3/s3_objects.h"

namespace ksv::s3 {

// The size of the n-th part, from 1. Grows so that 10,000 parts hold 5 TiB and a small upload needs
// little memory.
std::uint64_t part_size(std::uint64_t number);
inline constexpr std::uint64_t kPartsMax = 10'000;

// One upload. Nothing is to be seen of it before complete(); what is neither completed nor aborted
// goes on costing its owner.
class Multipart {
 public:
  static Result<Multipart> begin(Wire& wire, std::string name, std::string write_id);

  // The part's ETag. May be called from several threads.
  Result<std::string> put_part(std::uint64_t number, BytesView bytes) const;
  // `etags` are those of the parts in order.
  Result<WriteOutcome> complete(const std::vector<std::string>& etags,
                                const Condition& condition) const;
  void abort() const;

 private:
  Multipart(Wire& wire, std::string name, std::string write_id, std::string upload)
      : wire_(&wire),
        name_(std::move(name)),
        write_id_(std::move(write_id)),
        upload_(std::move(upload)) {}
  // After an answer that leaves open whether our completion counted.
  Result<WriteOutcome> settle(Error error) const;

  Wire* wire_;
  std::string name_;
  std::string write_id_;
  std::string upload_;
};

}  // namespace ksv::s3
