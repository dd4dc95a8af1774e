import subprocess
import sys

BEFORE_IT_IS_LOADED = """
import os, sys

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "onnxruntime":
            print(os.environ.get("ORT_DISABLE_TELEMETRY"))

sys.meta_path.insert(0, Watch())
import doublebill.embedding.onnx
"""


def test_onnxruntime_is_forbidden_to_report_its_use_before_it_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", BEFORE_IT_IS_LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]
