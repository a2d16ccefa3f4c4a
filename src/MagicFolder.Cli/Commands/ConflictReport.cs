using System.Text.Json.Serialization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Sync.Resolving;

namespace MagicFolder.Cli.Commands;

internal sealed record SiblingView(string Participant, long Size, string Modified, string? File);

/// <summary>The conflicts of a folder, for programs and for people.</summary>
internal sealed class ConflictReport(ChosenFolder chosen, IReadOnlyList<PathConflict> conflicts)
{
    internal void PrintJson()
    {
        var paths = conflicts.ToDictionary(conflict => conflict.Path.ToString(), conflict => conflict.Siblings.Select(View).ToArray());
        JsonText.Print(new Dictionary<string, Dictionary<string, SiblingView[]>> { [chosen.Folder.Name] = paths }, ConflictJson.Indented.DictionaryStringDictionaryStringSiblingViewArray);
    }

    internal void PrintText()
    {
        if (conflicts.Count == 0)
        {
            Console.Out.WriteLine($"No conflicts for {chosen.Participant.Name}.");
            return;
        }
        foreach (var conflict in conflicts) Print(conflict);
        Console.Out.WriteLine($"{Amounts.Count(conflicts.Count, "conflict")} for {chosen.Participant.Name} in {chosen.Participant.Path}.");
        Console.Out.WriteLine("Settle one with: magic-folder resolve PATH --take mine|NAME");
        Console.Out.WriteLine("or with files: delete the conflict files to keep yours, move one over the file to take it, or merge into the file and delete them.");
    }

    private static void Print(PathConflict conflict)
    {
        Console.Out.WriteLine(conflict.IsDirectoryImplied ? $"{conflict.Path}  (a directory has this name)" : conflict.Path.ToString());
        int width = conflict.Siblings.Max(sibling => sibling.Participant.Length);
        foreach (var sibling in conflict.Siblings)
        {
            string where = sibling.File is { } file ? file.ToString() : "(not here yet)";
            string mine = sibling is { IsMain: true, File: not null } ? "  <- in place" : "";
            Console.Out.WriteLine($"  {sibling.Participant.PadRight(width)}  {Kinds.Describe(sibling.Value),9}  {Times.LocalOfNs(sibling.Value.MtimeNs)}  {where}{mine}");
        }
    }

    private static SiblingView View(ConflictSibling sibling) =>
        new(sibling.Participant, sibling.Value.Size, Times.IsoOfNs(sibling.Value.MtimeNs), sibling.File?.ToString());
}

[JsonSerializable(typeof(Dictionary<string, Dictionary<string, SiblingView[]>>))]
internal sealed partial class ConflictJson : JsonSerializerContext
{
    internal static ConflictJson Indented { get; } = new(new System.Text.Json.JsonSerializerOptions(JsonText.Options));
}
