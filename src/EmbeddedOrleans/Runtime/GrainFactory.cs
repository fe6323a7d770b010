using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

internal sealed class GrainFactory(GrainCatalog catalog, ActivationDirectory directory, IServiceProvider services) : IClusterClient
{
    public IServiceProvider ServiceProvider => services;

    public static IAddressable Reference(IGrainBase grain, Type interfaceType) =>
        grain.GrainContext.ActivationServices.GetRequiredService<GrainFactory>().Reference(interfaceType, grain.GrainContext.GrainId);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)Reference(
            typeof(TGrainInterface), GrainId.Create(catalog.Resolve(typeof(TGrainInterface), grainClassNamePrefix).GrainType, primaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)Reference(grainInterfaceType, GrainId.Create(catalog.Resolve(grainInterfaceType, null).GrainType, grainPrimaryKey));

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)Reference(typeof(TGrainInterface), grainId);

    private IAddressable Reference(Type interfaceType, GrainId grain)
    {
        if (!catalog.TryGetClass(grain.Type, out var grainClass))
        {
            throw new ArgumentException($"There is no grain class of the type {grain.Type}");
        }

        return grainClass.Interfaces.TryGetValue(interfaceType, out var methods)
            ? GrainReference.Create(interfaceType, grain, methods, this, directory)
            : throw new ArgumentException($"The grain class {grainClass.Type} does not implement the interface {interfaceType}");
    }
}
