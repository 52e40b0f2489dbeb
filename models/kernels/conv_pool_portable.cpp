// The loops of conv_pool for any processor.
#include "models/kernels/conv_pool_loops_body.h"

namespace digitorch {

const ConvPoolLoops kConvPoolLoopsPortable = {
    "portable", kLargestBlock, forward, backward};

}  // namespace digitorch
