print("sitecustomize of the submission was imported")
raise SystemExit(0)
