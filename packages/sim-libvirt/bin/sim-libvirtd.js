#!/usr/bin/env node
import "../dist/process/run.js";
