using System.Xml.Linq;
using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

/// <summary>
/// The rooms and the arrows between them: Tahoe &lt;- Grid &lt;- Snapshots; Model &lt;- Snapshots, FileSystem, State; all of them &lt;- Sync &lt;- Daemon &lt;- Cli.
/// A new room gets its line here first.
/// </summary>
internal static class Rooms
{
    private const string Prefix = "MagicFolder.";

    private static readonly Dictionary<string, string[]> Below = new(StringComparer.Ordinal)
    {
        ["Tahoe"] = [],
        ["Grid"] = ["Tahoe"],
        ["Model"] = [],
        ["Snapshots"] = ["Grid", "Model"],
        ["FileSystem"] = ["Model"],
        ["State"] = ["Model"],
        ["Sync"] = ["Snapshots", "FileSystem", "State"],
        ["Daemon"] = ["Sync"],
        ["Cli"] = ["Daemon"],
    };

    internal static IEnumerable<string> All => Below.Keys;

    /// <summary>Along one arrow or several.</summary>
    internal static bool MayUse(string room, string other) => Below[room].Any(below => below == other || MayUse(below, other));

    internal static string AssemblyOf(string room) => room == "Cli" ? "magic-folder" : Prefix + room;

    internal static string ProjectOf(string room) => Repository.PathOf($"src/{Prefix}{room}/{Prefix}{room}.csproj");

    internal static string NameOf(string project) => Path.GetFileNameWithoutExtension(project.Replace('\\', '/'))[Prefix.Length..];

    /// <summary>The projects that a project file references, by file name.</summary>
    internal static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value);
}
