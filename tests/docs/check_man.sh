#!/bin/sh
# Man pages: check_man.sh KSV FOLDER. They are well-formed, and each is about something that is there.
set -eu
ksv=$1
folder=$2
status=0

# Whether the pages it refers to are installed says nothing about a page.
if mandoc -T lint "$folder"/*.[157] | grep -v 'referenced manual not found'; then
  status=1
fi
for page in ksv.1 ksv-config.5 ksv-format.5 ksv-update.1; do
  [ -s "$folder/$page" ] || { echo "there is no $page"; status=1; }
done
for page in "$folder"/ksv-*.1; do
  name=${page##*/ksv-}
  name=${name%.1}
  "$ksv" help "$name" >/dev/null || { echo "$page is about no command"; status=1; }
done
exit "$status"
