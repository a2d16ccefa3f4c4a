namespace MagicFolder.Tahoe.Erasure;

internal static class ErasureCodes
{
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.NeedsErasureCoding"/>: k is greater than 1.</exception>
    internal static IErasureCode For(int k, int n) => k == 1
        ? Replication.Instance
        : throw new DamagedShareException(ShareDamage.NeedsErasureCoding, $"This object is encoded {k}-of-{n}; this version handles only 1-of-n.");

    /// <summary>With k = 1 every block is the segment.</summary>
    private sealed class Replication : IErasureCode
    {
        internal static readonly Replication Instance = new();

        public void Encode(ReadOnlyMemory<byte> segment, Span<ReadOnlyMemory<byte>> blocks) => blocks.Fill(segment);
    }
}
