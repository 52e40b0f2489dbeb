#include "app/system/exit_code.h"

#include <torch/types.h>

#include <opencv2/core.hpp>
#include <string_view>

#include "app/system/standard_exception.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// LibTorch has no type of its own for exhausted host memory.
bool is_out_of_host_memory(std::string_view what) {
  return what.find("DefaultCPUAllocator: can't allocate memory") !=
             std::string_view::npos ||
         what.find("std::bad_alloc") != std::string_view::npos;
}

/// The exit code of the exception being handled; sets `message` to its text.
int classify_exception(std::string& message) {
  // The order matters: each comes before its base. OpenCV's and LibTorch's
  // derive from std::exception directly.
  try {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    message = std::string(kOutOfMemory) + " (" +
              first_line(error.what_without_backtrace()) + ")";
    return kExitEnvironment;
  } catch (const c10::AcceleratorError& error) {
    message = "the GPU failed and cannot be used any more by this process: " +
              first_line(error.what_without_backtrace());
    return kExitEnvironment;
  } catch (const c10::Error& error) {
    const std::string what = first_line(error.what_without_backtrace());
    const bool memory = is_out_of_host_memory(what);
    message = memory ? kOutOfMemory : our_fault(what);
    return memory ? kExitEnvironment : kExitBug;
  } catch (const cv::Exception& error) {
    const bool memory = error.code == cv::Error::StsNoMem;
    message = memory ? kOutOfMemory : our_fault(error.what());
    return memory ? kExitEnvironment : kExitBug;
  } catch (...) {
    return exit_code_of_standard_exception(message);
  }
}

}  // namespace

int exit_code_for_current_exception(std::string& message) {
  std::string text;
  const int code = classify_exception(text);
  message = escape_control(text);
  return code;
}

}  // namespace digitorch
