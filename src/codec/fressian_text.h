// Strings as Fressian stores them: each UTF-16 code unit in one to three bytes (CESU-8).
#pragma once

#include <string>
#include <string_view>

#include "ksv/bytes.h"

namespace ksv::fressian {

// Appends one stored piece to a text in UTF-8. Surrogates that meet are joined, also across pieces.
// False, and an unusable text, if the piece is malformed.
bool append_piece(std::string& to, BytesView piece);

// The stored form of a text. Where that is the text itself, a view of it; otherwise it is made in
// `room`, which must outlive the view. Malformed bytes become U+FFFD.
std::string_view stored_form(std::string_view text, std::string& room);

}  // namespace ksv::fressian
