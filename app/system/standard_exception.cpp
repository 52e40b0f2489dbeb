#include "app/system/standard_exception.h"

#include <new>
#include <stdexcept>
#include <system_error>

#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

int classify_standard_exception(std::string& message) {
  // The order matters: each comes before its base.
  try {
    throw;
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

std::string our_fault(const std::string& what) {
  return "this is a bug of digitorch, please report it: " + what;
}

int exit_code_of_standard_exception(std::string& message) {
  std::string text;
  const int code = classify_standard_exception(text);
  message = escape_control(text);
  return code;
}

}  // namespace digitorch
