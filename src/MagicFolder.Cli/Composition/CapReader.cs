using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Cli.Composition;

/// <summary>Reads files and directories by their caps. The grid is opened when something is needed that does not stand in a cap.</summary>
/// <param name="gridOption">As given with <c>--grid</c>.</param>
/// <param name="forWriting">The same grid is also to be written to.</param>
internal sealed class CapReader(string? gridOption, bool forWriting = false)
{
    private const int PieceSize = 4 * 1024 * 1024;
    private const int LongestTable = 64 * 1024 * 1024;

    private TahoeGrid? _grid;
    private long _copied;

    /// <summary>Bytes of files that were written so far, for whoever shows it.</summary>
    internal long Copied => Interlocked.Read(ref _copied);

    internal static bool CanRead(Cap cap) => cap is ImmutableCap or MutableReadCap or MutableWriteCap || (cap is DirectoryCap directory && CanRead(directory.Inner));

    /// <summary>Writes a file piece by piece.</summary>
    /// <exception cref="GridException">It cannot be read, at the beginning or in the midst.</exception>
    internal async Task CopyAsync(Cap file, Stream output, CancellationToken cancel)
    {
        if (file is LiteralCap literal)
        {
            await output.WriteAsync(literal.Data, cancel);
            return;
        }
        await using var opened = await OpenAsync(file, cancel);
        byte[] piece = new byte[Math.Min(PieceSize, opened.Size)];
        for (long at = 0; at < opened.Size; at += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, opened.Size - at));
            await opened.ReadAsync(at, part, cancel);
            await output.WriteAsync(part, cancel);
            Interlocked.Add(ref _copied, part.Length);
        }
    }

    /// <summary>Reads a directory.</summary>
    /// <exception cref="GridException">It cannot be read.</exception>
    /// <exception cref="CommandException">What is read is no directory.</exception>
    internal async Task<DirectoryTable> ReadAsync(DirectoryCap directory, CancellationToken cancel)
    {
        try
        {
            return DirectoryTable.Parse(await ReadWholeAsync(directory, cancel), DirectoryAuthority.Of(directory));
        }
        catch (DamagedDirectoryException e)
        {
            throw new CommandException($"What {directory} leads to is no directory that can be understood ({e.Damage}); whoever wrote it has to write it again.");
        }
    }

    /// <summary>Follows the names of a path, from directory to directory.</summary>
    /// <returns>The cap with the greatest authority that the directories give.</returns>
    /// <exception cref="CommandException">A name is not there, or cannot be followed.</exception>
    internal async Task<Cap> FollowAsync(CapPath path, CancellationToken cancel)
    {
        var at = path.Cap;
        for (int i = 0; i < path.Names.Count; i++)
        {
            string walked = Printable.Text(string.Join('/', path.Names.Take(i)));
            if (at is not DirectoryCap directory) throw new CommandException($"'{walked}' is a file, and nothing lies in it.");
            if (!CanRead(directory)) throw new CommandException($"With the cap of {(i == 0 ? "that directory" : $"'{walked}'")} one can check it, not read it.");
            at = Find(await ReadAsync(directory, cancel), path.Names[i]);
        }
        return at;
    }

    /// <summary>The cap by which a child is read; null if it has none, or of an unknown kind only.</summary>
    internal static Cap? KnownCapOf(DirectoryChild child) =>
        child.Caps.Write is not (null or UnknownCap) ? child.Caps.Write : child.Caps.Read is UnknownCap ? null : child.Caps.Read;

    internal async Task<TahoeGrid> GridAsync(CancellationToken cancel) => _grid ??= await HandGrid.OpenAsync(gridOption, forWriting, cancel);

    private async Task<IImmutableFile> OpenAsync(Cap file, CancellationToken cancel) => file switch
    {
        ImmutableCap immutable => await (await GridAsync(cancel)).OpenImmutableAsync(immutable, cancel),
        MutableWriteCap write => await (await GridAsync(cancel)).OpenMutableAsync(write.ToReadCap(), cancel),
        MutableReadCap read => await (await GridAsync(cancel)).OpenMutableAsync(read, cancel),
        _ => throw new ArgumentException($"{file} does not let its holder read.", nameof(file)),
    };

    private async Task<ReadOnlyMemory<byte>> ReadWholeAsync(DirectoryCap directory, CancellationToken cancel)
    {
        if (directory.Inner is LiteralCap literal) return literal.Data;
        await using var file = await OpenAsync(directory.Inner, cancel);
        if (file.Size > LongestTable) throw new CommandException($"{directory} takes {Amounts.Bytes(file.Size)}; directories of up to {Amounts.Bytes(LongestTable)} are read.");
        byte[] table = new byte[file.Size];
        await file.ReadAsync(0, table, cancel);
        return table;
    }

    private static Cap Find(DirectoryTable table, ChildName name)
    {
        string text = Printable.Text(name.Text);
        if (table.Find(name) is { } child)
            return KnownCapOf(child) ?? throw new CommandException(
                child.Caps.Best is null ? $"'{text}' is a mark: nothing belongs to it." : $"'{text}' is of a kind that this version does not know.");
        throw new CommandException(
            table.Skipped.FirstOrDefault(skipped => skipped.Name == name) is { } found
                ? $"'{text}' cannot be followed: {Faults.Describe(found.Fault)}."
                : $"There is no '{text}' in its directory; 'magic-folder get' with the cap of the directory lists what there is.");
    }
}
