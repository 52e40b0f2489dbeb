// See ../algorithm.h. ProcessGroupGloo.hpp uses nothing of this header.
#pragma once
