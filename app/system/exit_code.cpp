#include "app/system/exit_code.h"

#include <torch/types.h>

#include <new>
#include <opencv2/core.hpp>
#include <string_view>
#include <system_error>

#include "app/system/errors.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

constexpr const char* kOutOfMemory =
    "out of memory; a smaller --batch-size needs less";

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

/// LibTorch has no type of its own for exhausted host memory.
bool is_out_of_host_memory(std::string_view what) {
  return what.find("DefaultCPUAllocator: can't allocate memory") !=
             std::string_view::npos ||
         what.find("std::bad_alloc") != std::string_view::npos;
}

std::string our_fault(const std::string& what) {
  return "this is a bug of digitorch, please report it: " + what;
}

/// The exit code of the exception being handled; sets `message` to its text.
int classify_exception(std::string& message) {
  // The order matters. The first four are LibTorch's and OpenCV's, which derive
  // from std::exception directly. Each of the others comes before its base.
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
  } catch (const std::bad_alloc&) {
    message = kOutOfMemory;
    return kExitEnvironment;
  } catch (const DivergedError& error) {
    message = error.what();
    return kExitDiverged;
  } catch (const EnvironmentError& error) {
    message = error.what();
    return kExitEnvironment;
  } catch (const std::system_error& error) {
    message = error.what();
    return kExitEnvironment;
  } catch (const std::runtime_error& error) {
    message = error.what();
    return kExitBadInput;
  } catch (const std::exception& error) {
    message = our_fault(error.what());
    return kExitBug;
  } catch (...) {
    message = our_fault("an exception of unknown type");
    return kExitBug;
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
