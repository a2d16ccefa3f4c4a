using System.Security.Cryptography;
using System.Text;
using MagicFolder.Grid;
using MagicFolder.Grid.Servers;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Folders;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.EndToEnd.Tests.Secrets;

/// <summary>All that a storage server must not learn of a folder.</summary>
internal static class FolderSecrets
{
    private const int Piece = 32;

    /// <summary>Of the files: their names, contents, and the ids of these.</summary>
    internal static IEnumerable<Needle> OfFiles(string directory)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            string name = Path.GetFileName(path);
            foreach (var needle in Needle.Text($"the name '{name}'", name)) yield return needle;
            if (!File.Exists(path)) continue;
            byte[] content = File.ReadAllBytes(path);
            if (content.Length == 0) continue;
            foreach (var needle in Needle.Binary($"the id of '{name}'", SHA256.HashData(content))) yield return needle;
            for (int at = 0; at + Piece <= content.Length; at += Math.Max(Piece, content.Length / 4)) yield return new Needle($"content of '{name}' from {at}", content[at..(at + Piece)]);
            if (content.Length < Piece) foreach (var needle in Needle.Text($"the content of '{name}'", Encoding.UTF8.GetString(content))) yield return needle;
        }
    }

    /// <summary>Of the folder: names, keys, and the ids of its snapshots and trees.</summary>
    internal static async Task<List<Needle>> OfFolderAsync(string stateDirectory)
    {
        var folder = FolderConfiguration.Load(stateDirectory);
        var server = await DirectoryShareServer.OpenAsync(folder.Grid, TimeProvider.System, new NoRandomness(), default);
        var grid = new TahoeGrid([server], folder.LeaseSecret.AsSpan(), new NoRandomness());
        var collective = Collective.Decode((await grid.ReadMutableAsync(folder.Collective.ReadCap, default)).Content);

        List<Needle> needles =
        [
            .. Needle.Text("the folder's name", collective.Name),
            .. Needle.Binary("the folder's id", collective.Folder.ToArray()),
            .. Needle.Binary("the gear key", collective.ChunkingKey.Reveal()),
            .. Needle.Binary("the lease secret", folder.LeaseSecret.AsSpan()),
            .. Needle.Text("the Collective's write cap", folder.Collective.ToUriString()),
            .. Needle.Text("the Collective's read cap", folder.Collective.ReadCap.ToUriString()),
        ];
        foreach (var participant in folder.Participants)
        {
            using var keys = MutableKeys.FromPkcs8(participant.PersonalKey.AsSpan());
            var head = Head.Decode((await grid.ReadMutableAsync(keys.ToWriteCap().ToReadCap(), default)).Content);
            needles.AddRange(Needle.Text("a petname", participant.Name));
            needles.AddRange(Needle.Text("a read cap", keys.ToWriteCap().ToReadCap().ToUriString()));
            needles.AddRange(Needle.Binary("a private key", participant.PersonalKey.AsSpan()[^Piece..]));
            needles.AddRange(Needle.Binary("an actor", head.Actor.ToArray()));
            needles.Add(new Needle("a pack's read cap", Encoding.UTF8.GetBytes(head.Location.Pack.Reveal())));
            foreach (var retained in head.Retained)
            {
                needles.AddRange(Needle.Binary("a snapshot's id", retained.Id.ToArray()));
                needles.AddRange(Needle.Binary("a tree's id", retained.Root.ToArray()));
            }
        }
        return needles;
    }

    /// <summary>Reading needs none.</summary>
    private sealed class NoRandomness : IRandomSource
    {
        public void Fill(Span<byte> destination) => throw new NotSupportedException();
    }
}
