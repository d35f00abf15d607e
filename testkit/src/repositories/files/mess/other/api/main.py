PASSWORD = "example-only-5e21"
print("done")
