// ksv_gendocs: writes the manual, the completions and the manual's examples into a folder.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/gen_completions.h"
#include "cli/gen_man.h"

namespace ksv::cli {
namespace {

// Where doc/ is: this program belongs to a source tree.
constexpr const char* kSourceFolder = KSV_SOURCE_DIR;

int fail(const std::string& message) {
  std::fprintf(stderr, "ksv_gendocs: %s\n", message.c_str());
  return 1;
}

bool read_text(const std::string& path, std::string& text) {
  std::ifstream file(std::string(kSourceFolder) + "/" + path, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(file), {});
  return file.good() || file.eof();
}

bool read_texts(ManualTexts& texts) {
  return read_text("doc/manual/ksv.md", texts.program) &&
         read_text("doc/manual/ksv-config.md", texts.config) &&
         read_text("doc/format.md", texts.format) && !texts.program.empty() &&
         !texts.config.empty() && !texts.format.empty();
}

std::vector<GeneratedFile> completions() {
  return {
      {"ksv.bash", bash_completion()}, {"_ksv", zsh_completion()}, {"ksv.fish", fish_completion()}};
}

int write_files(const std::vector<GeneratedFile>& files, const std::string& folder) {
  for (const GeneratedFile& generated : files) {
    const std::string path = folder + "/" + generated.name;
    std::ofstream file(path, std::ios::binary);
    file << generated.text;
    file.close();
    if (!file) return fail(path + ": cannot be written");
  }
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "examples") {
    return write_files(command_transcripts(words[2]), words[1]);
  }
  if (words.size() != 2) {
    return fail("usage: ksv_gendocs man|completions FOLDER, or examples FOLDER [SERVER]");
  }
  if (words[0] == "completions") return write_files(completions(), words[1]);
  ManualTexts texts;
  if (!read_texts(texts)) return fail(std::string(kSourceFolder) + "/doc: cannot be read");
  if (words[0] == "man") return write_files(manual_pages(texts), words[1]);
  if (words[0] == "examples") return write_files(example_transcripts(texts), words[1]);
  return fail("no such kind of text: " + words[0]);
}

}  // namespace
}  // namespace ksv::cli

int main(int count, char** words) { return ksv::cli::run({words + 1, words + count}); }
