using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The shares of one version of an MDMF file, whose hashes are verified; blocks are verified when they are read. Immutable.</summary>
public sealed class MdmfVersionShares : MutableVersionShares
{
    internal MdmfVersionShares(IEnumerable<MutableShareReader> readers)
        : base(readers) => Readers = [.. AllReaders.Cast<MdmfShareReader>()];

    /// <summary>
    /// Whether <see cref="MdmfUpdater"/> can be used: the hashes of all n shares are there, and the layout is the usual one. Otherwise the whole file has to be written again, which is
    /// always possible.
    /// </summary>
    public bool CanBeUpdated => Numbers.Count == N && Readers.All(reader => reader.Header is { DataAt: MdmfHeader.UsualDataAt, Geometry.HasUsualSegments: true });

    /// <summary>Whether <see cref="MdmfRepairer"/> can be used: the layout is the one that writers use.</summary>
    public bool CanBeRemade => First.Header.DataAt == MdmfHeader.UsualDataAt;

    /// <summary>By number, those of one number in the order in which they were given.</summary>
    internal IReadOnlyList<MdmfShareReader> Readers { get; }

    internal MdmfShareReader First => Readers[0];

    public override IMutableReader OpenReader(MutableReadCap cap) => new MdmfReader(this, cap);
}
