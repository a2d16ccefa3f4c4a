namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// Spreads a segment over n blocks of which any k give it back. The seam where zfec comes in; today only k = 1 is there (<see cref="ErasureCodes.For"/>).
/// Safe for concurrent use.
/// </summary>
internal interface IErasureCode
{
    /// <summary>Fills <paramref name="blocks"/> (n entries). They may share memory with the segment, and are valid until it is changed.</summary>
    /// <param name="segment">Padded with zeros to a multiple of k.</param>
    /// <param name="blocks">Block i goes to share i.</param>
    void Encode(ReadOnlyMemory<byte> segment, Span<ReadOnlyMemory<byte>> blocks);
}
