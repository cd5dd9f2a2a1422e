// Runs a fuzz target over the files and folders named on its command line, with any compiler.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace fs = std::filesystem;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<fs::path> find_inputs(int argc, char** argv) {
  std::vector<fs::path> inputs;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    if (!fs::is_directory(argv[i], error)) {
      inputs.emplace_back(argv[i]);
      continue;
    }
    for (fs::recursive_directory_iterator entry(argv[i], error), end; entry != end && !error;
         entry.increment(error)) {
      if (entry->is_regular_file(error)) inputs.push_back(entry->path());
    }
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

bool replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path.c_str());
    return false;
  }
  // A block of the heap of just this size, so that AddressSanitizer sees a read behind the end.
  const std::unique_ptr<std::uint8_t[]> input(new std::uint8_t[text.size()]);
  std::transform(text.begin(), text.end(), input.get(),
                 [](char byte) { return static_cast<std::uint8_t>(byte); });
  // Known before a crash, which says nothing else about the input.
  std::printf("%s\n", path.c_str());
  std::fflush(stdout);
  return LLVMFuzzerTestOneInput(input.get(), text.size()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<fs::path> inputs = find_inputs(argc, argv);
  if (inputs.empty()) {
    std::fprintf(stderr, "no inputs\n");
    return 1;
  }
  return std::all_of(inputs.begin(), inputs.end(), replay) ? 0 : 1;
}
