// The loops of conv_pool for x86-64 with AVX2 and FMA.
#include "models/kernels/conv_pool_loops_body.h"

namespace digitorch {

const ConvPoolLoops kConvPoolLoopsAvx2 = {
    "AVX2", kLargestBlock, forward, backward};

}  // namespace digitorch
