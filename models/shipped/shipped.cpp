#include "models/shipped/shipped.h"

// digitorch_embed() in CMake puts them around the file's bytes.
extern "C" const char digitorch_shipped_begin[];
extern "C" const char digitorch_shipped_end[];

namespace digitorch {

std::string_view shipped_checkpoint() {
  return {digitorch_shipped_begin, digitorch_shipped_end};
}

}  // namespace digitorch
