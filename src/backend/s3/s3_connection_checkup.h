// The part of an examination that needs no rights: name, connection, clock, credentials.
#pragma once

#include "backend/examination.h"
#include "backend/s3/s3_place.h"

namespace ksv::s3 {

// Sends one unsigned request. False when there is no connection; that is reported then.
bool examine_connection(const Access& access, Env& env, Examination& examination);

// False when there are no credentials.
bool examine_credentials(const Access& access, Env& env, Examination& examination);

}  // namespace ksv::s3
