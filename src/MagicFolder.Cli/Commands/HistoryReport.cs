using System.Text.Json;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Explaining;

namespace MagicFolder.Cli.Commands;

/// <summary>Snapshots or versions, newest first, for programs and for people.</summary>
/// <param name="versions">All there are.</param>
/// <param name="path">Whose; the root for snapshots of the whole folder.</param>
/// <param name="options">By which the folder is named in the next command.</param>
internal sealed class HistoryReport(IReadOnlyList<VersionDocument> versions, RelativePath path, string options)
{
    private static readonly ApiJson Indented = new(new JsonSerializerOptions(JsonText.Options));

    /// <exception cref="CommandException">There are none of this path.</exception>
    internal void PrintJson()
    {
        RequireSome();
        JsonText.Print(versions, Indented.IReadOnlyListVersionDocument);
    }

    /// <exception cref="CommandException">There are none of this path.</exception>
    internal void PrintText()
    {
        RequireSome();
        int width = versions.Select(one => one.Participant.Length).DefaultIfEmpty(0).Max();
        foreach (var one in versions)
            Console.Out.WriteLine($"{one.Version}  {Times.LocalOfIso(one.Time)}  {Printable.Text(one.Participant.PadRight(width))}  {one.Seq,4}  {Describe(one)}");
        if (!path.IsRoot) Console.Out.WriteLine(Printable.Text($"Bring one back with: magic-folder restore {TypedWord.Of(path.ToString())} --version VERSION{options}"));
    }

    private static string Describe(VersionDocument version) => version.Files is { } files ? $"{Amounts.Count(files, "file")}, {Amounts.Bytes(version.Size)}" : Kinds.Describe(version.Kind, version.Size);

    private void RequireSome()
    {
        if (versions.Count == 0 && !path.IsRoot) throw new CommandException($"No version of {path} is known; 'magic-folder history{options}' without PATH lists the snapshots.");
    }
}
