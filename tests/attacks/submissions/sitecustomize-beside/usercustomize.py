print("usercustomize of the submission was imported")
raise SystemExit(0)
