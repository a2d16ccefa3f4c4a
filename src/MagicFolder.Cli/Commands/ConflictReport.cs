using System.Text.Json.Serialization;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;

namespace MagicFolder.Cli.Commands;

internal sealed record SiblingView(string Participant, long Size, string Modified, string? File);

/// <summary>The conflicts of a folder, for programs and for people.</summary>
/// <param name="found">All there are.</param>
/// <param name="options">By which the folder is named in the next command.</param>
internal sealed class ConflictReport(ConflictsDocument found, string options)
{
    internal void PrintJson()
    {
        var paths = found.Conflicts.ToDictionary(conflict => conflict.Path, conflict => conflict.Versions.Select(View).ToArray());
        JsonText.Print(new Dictionary<string, Dictionary<string, SiblingView[]>> { [found.Folder] = paths }, ConflictJson.Indented.DictionaryStringDictionaryStringSiblingViewArray);
    }

    internal void PrintText()
    {
        if (found.Conflicts.Count == 0)
        {
            Console.Out.WriteLine($"No conflicts for {found.Participant}.");
            return;
        }
        foreach (var conflict in found.Conflicts) Print(conflict);
        Console.Out.WriteLine($"{Amounts.Count(found.Conflicts.Count, "conflict")} for {found.Participant} in {found.Directory}.");
        Console.Out.WriteLine($"Settle one with: magic-folder resolve PATH --take mine|NAME{options}");
        Console.Out.WriteLine("or with files: delete the conflict files to keep yours, move one over the file to take it, or merge into the file and delete them.");
    }

    private static void Print(ConflictDocument conflict)
    {
        Console.Out.WriteLine(Printable.Text(conflict.IsDirectory ? $"{conflict.Path}  (a directory has this name)" : conflict.Path));
        int width = conflict.Versions.Max(version => version.Participant.Length);
        foreach (var version in conflict.Versions)
        {
            string mine = version is { InPlace: true, File: not null } ? "  <- in place" : "";
            Console.Out.WriteLine(Printable.Text(
                $"  {version.Participant.PadRight(width)}  {Kinds.Describe(version.Kind, version.Size),9}  {Times.LocalOfIso(version.Modified)}  {version.File ?? "(not here yet)"}{mine}"));
        }
    }

    private static SiblingView View(SiblingDocument version) => new(version.Participant, version.Size, version.Modified, version.File);
}

[JsonSerializable(typeof(Dictionary<string, Dictionary<string, SiblingView[]>>))]
internal sealed partial class ConflictJson : JsonSerializerContext
{
    internal static ConflictJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options));
}
