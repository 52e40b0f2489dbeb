// How many pictures a TIFF file holds.
#pragma once

#include <string_view>

namespace digitorch {

/// The number of directories, each of a page, in the chain that a TIFF file
/// begins (TIFF 6.0, section 2); 1 for other bytes and where the chain is
/// damaged at once.
int count_tiff_pages(std::string_view bytes);

}  // namespace digitorch
