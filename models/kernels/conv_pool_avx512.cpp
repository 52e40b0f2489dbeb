// The loops of conv_pool for x86-64 with AVX-512 (F, BW, DQ and VL).
#include "models/kernels/conv_pool_loops_body.h"

namespace digitorch {

const ConvPoolLoops kConvPoolLoopsAvx512 = {
    "AVX-512", kLargestBlock, forward, backward};

}  // namespace digitorch
