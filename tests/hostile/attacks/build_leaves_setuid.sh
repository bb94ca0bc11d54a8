# shellcheck shell=sh
# Leaves a program with the builder's rights for everybody, and a folder that all may enter.
cp /usr/bin/id x && chmod 6755 x && chmod 0777 . && mkdir -m 1777 all && cp x all
exit 1
