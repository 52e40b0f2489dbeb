// PyTorch's wheels have ProcessGroupGloo.hpp, but not the headers of Gloo that
// it includes. This folder declares the few names of Gloo that it mentions; the
// code behind them is in libtorch_cpu.so. Nothing here is constructed or called
// by this project.
#pragma once
