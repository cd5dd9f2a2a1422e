// The manual pages, made from the table of commands, the table of functions and the texts in doc/.
#pragma once

#include <string>
#include <vector>

namespace ksv::cli {

struct GeneratedFile {
  std::string name;  // "ksv-get.1"
  std::string text;
};

// The texts of doc/ that pages are made of, in Markdown (cli/prose.h).
struct ManualTexts {
  std::string program;  // doc/manual/ksv.md: sections of ksv(1), in any order
  std::string config;   // doc/manual/ksv-config.md
  std::string format;   // doc/format.md
};

std::vector<GeneratedFile> manual_pages(const ManualTexts& texts);

// The examples of each command, of ksv(1) and of each function as transcripts in the format of
// tests/cli: "get.test". The lines that set an example up stand before it; what they print does not
// matter.
// Of commands whose examples need a server of that kind.
std::vector<GeneratedFile> command_transcripts(std::string_view server);
std::vector<GeneratedFile> example_transcripts(const ManualTexts& texts);

}  // namespace ksv::cli
