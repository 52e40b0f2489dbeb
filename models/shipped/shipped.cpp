#include "models/shipped/shipped.h"

// shipped.S defines both, before and after the bytes of the file.
extern "C" const char digitorch_shipped_begin[];
extern "C" const char digitorch_shipped_end[];

namespace digitorch {

std::string_view shipped_checkpoint() {
  return {digitorch_shipped_begin, digitorch_shipped_end};
}

}  // namespace digitorch
