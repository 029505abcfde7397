"""Writes, below the current folder, feed/*.nupkg (stand-ins without content) and app.dg, the restore graph that MSBuild
would hand to NuGet for app/app.csproj (refers to inner/inner.csproj; all versions central)."""
import json, os, zipfile
W = os.getcwd()
S = "netstandard2.0"
FEED = {  # name: (version, dependencies)
    "Serilog": ("2.12.0", {}),
    "Serilog.Sinks.File": ("5.0.0", {"Serilog": "2.10.0"}),
    "Serilog.Extensions.Logging": ("3.1.0", {"Serilog": "2.9.0", "Microsoft.Extensions.Logging": "2.0.0"}),
    "Microsoft.Extensions.Logging": ("2.0.0", {}),
    "Newtonsoft.Json": ("12.0.3", {}),
    "Sample.Native": ("1.2.0", {}),
    "runtime.linux-x64.Sample.Native": ("1.2.1", {}),
    "NETStandard.Library": ("2.0.3", {"Microsoft.NETCore.Platforms": "1.1.0"}),
    "Microsoft.NETCore.Platforms": ("1.1.0", {}),
}
NATIVE = {"runtimes": {"linux-x64": {"Sample.Native": {"runtime.linux-x64.Sample.Native": "1.2.1"}}}}
os.makedirs("feed", exist_ok=True)
for name, (version, deps) in FEED.items():
    ds = "".join(f'<dependency id="{n}" version="{v}" />' for n, v in deps.items())
    files = {f"{name}.nuspec": '<?xml version="1.0"?><package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">'
        f"<metadata><id>{name}</id><version>{version}</version><authors>x</authors><description>x</description>"
        f'<dependencies><group targetFramework="{S}">{ds}</group></dependencies></metadata></package>',
        f"lib/{S}/_._": ""}
    if name == "Sample.Native":
        files["runtime.json"] = json.dumps(NATIVE)
    with zipfile.ZipFile(f"feed/{name}.{version}.nupkg", "w") as z:
        for path, text in files.items():
            z.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), text)

CENTRAL = {"Serilog": "2.12.0", "Serilog.Sinks.File": "5.0.0", "Serilog.Extensions.Logging": "3.1.0",
           "Newtonsoft.Json": "12.0.3", "Sample.Native": "1.2.0"}
def project(name, tfms, asks, central, refs=(), runtimes=()):
    path = f"{W}/{name}/{name}.csproj"
    os.makedirs(f"{W}/{name}", exist_ok=True)
    open(path, "w").write("<Project />")
    def deps(tfm):
        d = {n: {"target": "Package", "version": f"[{CENTRAL[n]}, )", "versionCentrallyManaged": True} for n in asks}
        if tfm.startswith("netstandard"):  # what the SDK adds by itself
            d["NETStandard.Library"] = {"suppressParent": "All", "target": "Package", "version": "[2.0.3, )", "autoReferenced": True}
        return d
    return path, {
        "version": "1.0.0",
        "restore": {
            "projectUniqueName": path, "projectName": name, "projectPath": path, "packagesPath": f"{W}/packages/",
            "outputPath": f"{W}/{name}/obj/", "projectStyle": "PackageReference", "crossTargeting": len(tfms) > 1,
            "centralPackageVersionsManagementEnabled": True, "originalTargetFrameworks": list(tfms),
            "sources": {f"{W}/feed": {}},
            "frameworks": {t: {"targetAlias": t, "projectReferences":
                {p: {"projectPath": p} for p in refs}} for t in tfms},
            "restoreLockProperties": {"restorePackagesWithLockFile": "true"} if refs else {},
        },
        "frameworks": {t: {"targetAlias": t, "dependencies": deps(t),
            "centralPackageVersions": {n: f"[{v}, )" for n, v in central.items()}} for t in tfms},
        "runtimes": {r: {"#import": []} for r in runtimes},
    }
inner, inner_spec = project("inner", [S], ["Newtonsoft.Json"],
    {"Newtonsoft.Json": "12.0.3"})  # a Directory.Packages.props of its own: with all of CENTRAL, NuGet 5.8 lists them all below it
app, app_spec = project("app", ["net5.0", S], ["Serilog.Sinks.File", "Serilog.Extensions.Logging", "Sample.Native"],
    CENTRAL, [inner], ["linux-x64"])
json.dump({"format": 1, "restore": {app: {}}, "projects": {app: app_spec, inner: inner_spec}}, open("app.dg", "w"), indent=2)
