namespace MagicFolder.Tahoe.Erasure;

/// <summary>One byte at a time, by table.</summary>
internal sealed unsafe class ScalarCombiner() : LinearCombiner("scalar", isSupported: true)
{
    internal override void Combine(Strip sources, byte* factors, Strip made, int length)
    {
        for (var t = 0; t < made.Count; t++, factors += sources.Count)
        {
            var sum = made.Block(t);
            new Span<byte>(sum, length).Clear();
            for (var j = 0; j < sources.Count; j++)
            {
                var source = sources.Block(j);
                var products = FactorTables.ProductsOf(factors[j]);
                for (var i = 0; i < length; i++)
                {
                    sum[i] ^= products[source[i]];
                }
            }
        }
    }
}
