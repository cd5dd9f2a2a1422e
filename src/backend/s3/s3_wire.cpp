// Sends S3's requests: everything here is done anew for each attempt, since a signature holds for
// one host, one region, one set of credentials and one time.
#include "backend/s3/s3_wire.h"

#include <algorithm>
#include <iterator>

#include "net/aws/sigv4.h"

namespace ksv::s3 {

namespace {

struct Permission {
  std::string_view operation;
  std::string_view name;
};
constexpr Permission kPermissions[] = {{"GetObject", "s3:GetObject"},
                                       {"HeadObject", "s3:GetObject"},
                                       {"PutObject", "s3:PutObject"},
                                       {"CreateMultipartUpload", "s3:PutObject"},
                                       {"UploadPart", "s3:PutObject"},
                                       {"CompleteMultipartUpload", "s3:PutObject"},
                                       {"AbortMultipartUpload", "s3:AbortMultipartUpload"},
                                       {"DeleteObject", "s3:DeleteObject"},
                                       {"DeleteObjects", "s3:DeleteObject"},
                                       {"ListObjectsV2", "s3:ListBucket"},
                                       {"HeadBucket", "s3:ListBucket"},
                                       {"CreateBucket", "s3:CreateBucket"},
                                       {"DeleteBucket", "s3:DeleteBucket"}};

// What may be wrong where the service says no more than that it is denied. Ceph says so of a wrong
// secret and of a wrong session token, too.
std::string denial_hint(const Request& request, const ServiceError& refusal, bool anonymous) {
  const bool is_bare = refusal.code.empty() && refusal.status == 403;
  if (refusal.code != "AccessDenied" && !is_bare) return {};
  const auto* row =
      std::find_if(std::begin(kPermissions), std::end(kPermissions),
                   [&](const Permission& each) { return each.operation == request.operation; });
  if (row == std::end(kPermissions)) return {};
  std::string hint = anonymous ? "Nobody in particular has the permission "
                               : "The credentials lack the permission ";
  hint += row->name;
  // AWS reads what a write with an ETag replaces.
  if (find_header(request.headers, "if-match") != nullptr) hint += " or s3:GetObject";
  hint += anonymous ? "; leave the option anonymous out."
                    : ", or are wrong; -v tells where they come from.";
  if (row->name == "s3:GetObject") {
    hint += " Without s3:ListBucket, objects that do not exist get the same answer.";
  }
  return hint;
}

}  // namespace

struct Wire::Course {
  std::string hash{};      // of the body
  std::string url{};       // of the last attempt
  std::string trace_id{};  // empty: not traced
  std::int64_t start_ms = 0;
  // What was mended, each once at most.
  bool credentials = false;
  bool clock = false;
  bool region = false;
};

std::string Answer::header(std::string_view name) const {
  const std::string* value = find_header(headers, name);
  return value == nullptr ? std::string() : *value;
}

Wire::Wire(Settings settings, Endpoint endpoint, Env& env, Call& call)
    : settings_(std::move(settings)),
      endpoint_(std::move(endpoint)),
      env_(env),
      call_(call),
      credentials_(settings_.credentials, env.http(), env, call),
      region_(endpoint_.region()) {
  if (settings_.x_ray) trace_ = std::make_unique<aws::XRayTrace>(env, "ksv");
}

Wire::~Wire() {
  if (trace_) trace_->finish();
}

std::string Wire::region() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return region_;
}

std::string Wire::name_of(std::string_view key) const {
  std::string name = "s3://" + settings_.bucket;
  if (!key.empty()) name.append("/").append(key);
  return name;
}

Result<HttpRequest> Wire::sign(const Request& request, const Course& course) {
  const aws::Credentials credentials = KSV_TRY(credentials_.get());
  const std::string region = this->region();
  const Target target = endpoint_.target(region, request.key);
  HttpRequest http;
  http.method = request.method;
  http.url = target.scheme + "://" + target.authority + target.path;
  if (!request.query.empty()) http.url.append("?").append(net::query_text(request.query));
  http.headers = request.headers;
  if (!settings_.request_payer.empty()) {
    http.headers.push_back({"x-amz-request-payer", settings_.request_payer});
  }
  if (!settings_.expected_bucket_owner.empty()) {
    http.headers.push_back({"x-amz-expected-bucket-owner", settings_.expected_bucket_owner});
  }
  http.body = request.body;
  http.answer_bytes_max = request.answer_bytes_max;
  http.settings = &settings_.http;
  const aws::SigningInput input{.service = "s3",
                                .region = region,
                                .method = http.method,
                                .scheme = target.scheme,
                                .authority = target.authority,
                                .path = target.path,
                                .query = &request.query,
                                .headers = &http.headers,
                                .payload_hash = course.hash,
                                .now_ms = clock_.now_ms(env_)};
  aws::Signature signature = aws::sign_v4(input, credentials);
  std::move(signature.headers.begin(), signature.headers.end(), std::back_inserter(http.headers));
  // Unsigned, since proxies on the way may write into it.
  if (!course.trace_id.empty()) {
    http.headers.push_back({"X-Amzn-Trace-Id", trace_->header(course.trace_id)});
  }
  return http;
}

bool Wire::amend_region(const ServiceError& refusal) {
  std::string region = refusal.region;
  if (region.empty() && endpoint_.is_aws()) region = region_of_host(refusal.endpoint);
  const std::lock_guard<std::mutex> guard(mutex_);
  if (region.empty() || region == region_) return false;
  if (call_.log) call_.log("the bucket is in the region " + region);
  region_ = region;
  return true;
}

Result<bool> Wire::amend(const HttpAnswer& answer, Course* course) {
  const ServiceError refusal = read_refusal(answer);
  if (!course->region && amend_region(refusal)) {
    course->region = true;
    return true;
  }
  if (answer.status == 301 || answer.status == 307 || answer.status == 308) return false;
  if (!course->clock && clock_.learn(answer, env_)) {
    course->clock = true;
    return true;
  }
  // An answer to HEAD has no code; 400 is what AWS says to expired credentials.
  const bool may_be_expired =
      refusal.code.empty() ? answer.status == 400 : refusal.code.find("Token") != std::string::npos;
  if (course->credentials || !may_be_expired) return false;
  course->credentials = true;
  credentials_.forget();
  return true;
}

void Wire::trace(const Request& request, const Course& course, const net::Reply* reply) {
  aws::XRaySubsegment part{.id = course.trace_id, .service = "S3"};
  part.start_ms = course.start_ms;
  part.end_ms = env_.wall_ms();
  part.method = request.method;
  part.url = course.url;
  part.operation = request.operation;
  part.region = region();
  part.bucket_name = settings_.bucket;
  part.key = request.key;
  if (reply != nullptr) {
    const HttpAnswer& answer = reply->answer;
    part.status = answer.status;
    part.content_length = answer.body.size();
    part.retries = reply->attempts - 1;
    if (const auto* id = find_header(answer.headers, "x-amz-request-id")) part.request_id = *id;
    if (const auto* id = find_header(answer.headers, "x-amz-id-2")) part.id_2 = *id;
  }
  trace_->record(std::move(part));
}

Result<Answer> Wire::send(const Request& request) {
  Course course{.hash = aws::payload_hash(request.body)};
  if (trace_) {
    course.trace_id = trace_->new_id();
    course.start_ms = env_.wall_ms();
  }
  net::Job job;
  job.name = request.operation + " " + name_of(request.key);
  job.repeat = request.repeat;
  job.prepare = [&]() -> Result<HttpRequest> {
    HttpRequest http = KSV_TRY(sign(request, course));
    course.url = http.url;
    return http;
  };
  job.judge = [&](const HttpAnswer& answer) {
    if (!is_refusal(answer, request.body_decides)) return net::Verdict::kUse;
    return read_refusal(answer).traits.verdict;
  };
  job.amend = [&](const HttpAnswer& answer) { return amend(answer, &course); };
  job.code_of = [](const HttpAnswer& answer) { return read_refusal(answer).code; };
  auto reply_or_error = net::run_job(job, env_.http(), env_, call_);
  if (trace_) trace(request, course, reply_or_error ? &*reply_or_error : nullptr);
  net::Reply reply = KSV_TRY(std::move(reply_or_error));
  Answer answer;
  answer.status = reply.answer.status;
  answer.doubtful = reply.doubtful;
  if (is_refusal(reply.answer, request.body_decides)) answer.refusal = read_refusal(reply.answer);
  answer.headers = std::move(reply.answer.headers);
  answer.body = std::move(reply.answer.body);
  return answer;
}

Error Wire::refused(const Request& request, const Answer& answer) const {
  const ServiceError& refusal = *answer.refusal;
  Error error = make_error(refusal).with_context(request.operation + " " + name_of(request.key));
  const bool may_have_landed = answer.doubtful && request.repeat != net::Repeat::kRead;
  if (may_have_landed) error = std::move(error).with_effect(Effect::kUnknown);
  if (request.repeat != net::Repeat::kRead) error = std::move(error).with_refused_write(true);
  if (refusal.traits.meaning == Meaning::kNoBucket) {
    return std::move(error).with_hint(
        settings_.create_bucket.value_or(true)
            ? "create-store makes the bucket, too."
            : "Make the bucket by other means, or leave create-bucket=false out.");
  }
  if (refusal.status == 301 || refusal.status == 307 || refusal.status == 400) {
    if (!refusal.region.empty()) {
      return std::move(error).with_hint("The bucket is in the region " + refusal.region + ".");
    }
  }
  const std::string hint = denial_hint(request, refusal, settings_.credentials.anonymous);
  return hint.empty() ? error : std::move(error).with_hint(hint);
}

}  // namespace ksv::s3
