// Ranks on this machine, without another program to start them.
#pragma once

#include "app/system/copies.h"

namespace digitorch {

/// Starts so many ranks, each this program with its own command line, and
/// serves the store by which they find each other.
CopiesResult run_ranks(int ranks);

}  // namespace digitorch
