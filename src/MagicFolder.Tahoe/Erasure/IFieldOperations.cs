namespace MagicFolder.Tahoe.Erasure;

/// <summary>What an instruction set can do with several elements of the field at once.</summary>
/// <typeparam name="TVector">The elements.</typeparam>
/// <typeparam name="TFactor">A factor, as multiplying by it wants it.</typeparam>
internal unsafe interface IFieldOperations<TVector, TFactor>
{
    /// <summary>Elements in a vector, one byte each.</summary>
    static abstract int Width { get; }

    static abstract bool IsSupported { get; }

    static abstract TVector Load(byte* source);

    static abstract void Store(TVector vector, byte* destination);

    static abstract TFactor FactorOf(byte factor);

    static abstract TVector AddProduct(TVector sum, TVector vector, TFactor factor);
}
