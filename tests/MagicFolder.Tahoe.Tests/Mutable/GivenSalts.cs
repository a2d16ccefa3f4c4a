namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>Gives the salts of a known answer, in their order.</summary>
internal sealed class GivenSalts(IEnumerable<byte[]> salts) : IRandomSource
{
    private readonly Queue<byte[]> _salts = new(salts);

    public int Left => _salts.Count;

    public void Fill(Span<byte> destination) => _salts.Dequeue().CopyTo(destination);
}
