namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// Many bytes at a time. Four blocks are made together from each source that is loaded, and their sums stay in registers until all sources are added: every made byte is
/// written once, and every source read once for four made blocks.
/// </summary>
internal sealed unsafe class VectorCombiner<TOperations, TVector, TFactor>(string name, bool isSupported) : LinearCombiner(name, isSupported)
    where TOperations : struct, IFieldOperations<TVector, TFactor>
    where TVector : struct
{
    private static readonly ScalarCombiner Scalar = new();

    internal override void Combine(Strip sources, byte* factors, Strip made, int length)
    {
        if (length < TOperations.Width)
        {
            Scalar.Combine(sources, factors, made, length);
            return;
        }

        var even = length / (2 * TOperations.Width) * (2 * TOperations.Width);
        var t = 0;
        for (; t + 4 <= made.Count; t += 4)
        {
            MakeFour(sources, factors + (t * sources.Count), made.From(t), even);
        }

        for (; t < made.Count; t++)
        {
            MakeOne(sources, factors + (t * sources.Count), made.Block(t), even);
        }

        // The last positions, and with them perhaps some once more.
        for (var at = even; at < length; at += TOperations.Width)
        {
            MakeColumn(sources, factors, made, Math.Min(at, length - TOperations.Width));
        }
    }

    private static void MakeFour(Strip sources, byte* factors, Strip made, int length)
    {
        byte* second = factors + sources.Count, third = second + sources.Count, fourth = third + sources.Count;
        for (var at = 0; at < length; at += 2 * TOperations.Width)
        {
            TVector a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            var source = sources.Start + at;
            for (var j = 0; j < sources.Count; j++, source += sources.Distance)
            {
                var x0 = TOperations.Load(source);
                var x1 = TOperations.Load(source + TOperations.Width);
                var factor = TOperations.FactorOf(factors[j]);
                a0 = TOperations.AddProduct(a0, x0, factor);
                a1 = TOperations.AddProduct(a1, x1, factor);
                factor = TOperations.FactorOf(second[j]);
                b0 = TOperations.AddProduct(b0, x0, factor);
                b1 = TOperations.AddProduct(b1, x1, factor);
                factor = TOperations.FactorOf(third[j]);
                c0 = TOperations.AddProduct(c0, x0, factor);
                c1 = TOperations.AddProduct(c1, x1, factor);
                factor = TOperations.FactorOf(fourth[j]);
                d0 = TOperations.AddProduct(d0, x0, factor);
                d1 = TOperations.AddProduct(d1, x1, factor);
            }

            Store(a0, a1, made.Block(0) + at);
            Store(b0, b1, made.Block(1) + at);
            Store(c0, c1, made.Block(2) + at);
            Store(d0, d1, made.Block(3) + at);
        }
    }

    private static void MakeOne(Strip sources, byte* factors, byte* made, int length)
    {
        for (var at = 0; at < length; at += 2 * TOperations.Width)
        {
            TVector sum0 = default, sum1 = default;
            var source = sources.Start + at;
            for (var j = 0; j < sources.Count; j++, source += sources.Distance)
            {
                var factor = TOperations.FactorOf(factors[j]);
                sum0 = TOperations.AddProduct(sum0, TOperations.Load(source), factor);
                sum1 = TOperations.AddProduct(sum1, TOperations.Load(source + TOperations.Width), factor);
            }

            Store(sum0, sum1, made + at);
        }
    }

    private static void MakeColumn(Strip sources, byte* factors, Strip made, int at)
    {
        for (var t = 0; t < made.Count; t++, factors += sources.Count)
        {
            TVector sum = default;
            for (var j = 0; j < sources.Count; j++)
            {
                sum = TOperations.AddProduct(sum, TOperations.Load(sources.Block(j) + at), TOperations.FactorOf(factors[j]));
            }

            TOperations.Store(sum, made.Block(t) + at);
        }
    }

    private static void Store(TVector first, TVector second, byte* destination)
    {
        TOperations.Store(first, destination);
        TOperations.Store(second, destination + TOperations.Width);
    }
}
