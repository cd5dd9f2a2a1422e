// delete-bucket: the end of a bucket that is empty.
#include "cli/command_list.h"
#include "cli/session.h"

#include "backend/s3/s3_buckets.h"

namespace ksv::cli {
namespace {

Result<StoreAddress> bucket_address(Session& session, const Arguments& arguments) {
  if (!arguments.operands.empty()) KSV_CHECK(session.use_store(arguments.operands[0]));
  const StoreSpec* spec = KSV_TRY(session.find_spec());
  if (spec->address.backend == "s3" && spec->address.id.empty()) return spec->address;
  return Error(ErrorCode::kUsage, spec->address.text + " is not a bucket")
      .with_hint("Name one: ksv delete-bucket s3://BUCKET");
}

Result<Answer> run(Session& session, const Arguments& arguments) {
  const StoreAddress address = KSV_TRY(bucket_address(session, arguments));
  if (!arguments.has("yes")) {
    return Error(ErrorCode::kUsage, "would delete the bucket " + address.location)
        .with_hint("Say --yes to do it");
  }
  const DeleteOutcome outcome = KSV_TRY(s3::delete_bucket(address, session.env(), session.call()));
  if (outcome == DeleteOutcome::kDeleted || arguments.has("if-exists")) return Answer::kYes;
  return Error(ErrorCode::kState, "there is no bucket " + address.location)
      .with_hint("With --if-exists that is no error");
}

}  // namespace

CommandSpec delete_bucket_command() {
  return {.name = "delete-bucket",
          .group = Group::kStores,
          .summary = "delete an empty bucket",
          .description =
              "Deletes the bucket BUCKET, or the one that --store names. A bucket that "
              "holds anything is left as it is: delete-store deletes its stores.",
          .operands = {{.name = "BUCKET",
                        .help = "the bucket, as s3://NAME",
                        .count = OperandSpec::Count::kOptional,
                        .completes = Completes::kStore}},
          .options = {{.name = "yes", .help = "do it; without, only say what would be done"},
                      {.name = "if-exists", .help = "no error when there is none"}},
          .examples = {{.text = "$ ksv delete-bucket s3://my-bucket\n"
                                "ksv: delete-bucket: would delete the bucket my-bucket. Say --yes "
                                "to do it.\n? 2"}},
          .run = run};
}

}  // namespace ksv::cli
